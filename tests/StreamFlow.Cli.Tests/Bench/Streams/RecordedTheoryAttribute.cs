namespace StreamFlow.Cli.Tests.Bench.Streams;

/// <summary>A test over the recorded topologies; it says so where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RecordedTheoryAttribute : TheoryAttribute
{
    public RecordedTheoryAttribute()
    {
        if (RecordedTopologies.Instance is null)
        {
            Skip = "needs ../shared/conformance/streams-topologies.json";
        }
    }
}
