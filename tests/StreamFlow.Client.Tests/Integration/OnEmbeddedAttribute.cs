using System.Reflection;
using Xunit.Sdk;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>Runs the theory against StreamFlow's own broker in this process.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEmbeddedAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [["memory:"]];
}
