using System.Reflection;
using Xunit.Sdk;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>Runs the theory against Apache Kafka; skipped, visibly, when the kit or Java is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnKafkaAttribute : DataAttribute
{
    public OnKafkaAttribute() => Skip = KafkaServer.WhyMissing;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [["kafka"]];
}
