using System.Reflection;
using Xunit.Sdk;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>Runs the theory against StreamFlow's own broker: by calls in this process, and over TCP.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEmbeddedAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [["memory:"], ["tcp"]];
}
