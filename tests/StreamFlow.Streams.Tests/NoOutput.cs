using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Tests;

/// <summary>Takes nothing: for topologies without sinks.</summary>
internal sealed class NoOutput : IRecordCollector
{
    public static NoOutput Instance { get; } = new();

    public int PartitionCount(string topic) => 1;

    public void Send(string topic, int partition, in SerializedRecord record) =>
        throw new InvalidOperationException($"nothing should go to {topic}");
}
