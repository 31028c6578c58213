using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Testing;

/// <summary>The topics of a test, made when first touched; takes what sinks write.</summary>
internal sealed class MemoryCluster : IRecordCollector
{
    private readonly Dictionary<string, MemoryTopic> _topics = new(StringComparer.Ordinal);

    public IEnumerable<string> TopicNames => _topics.Keys;

    /// <summary>Records not offered to the topology yet, in the order in which they were written, whatever their topics.</summary>
    public Queue<(string Topic, int Offset)> Arrivals { get; } = [];

    public MemoryTopic this[string topic]
    {
        get
        {
            if (!_topics.TryGetValue(topic, out var found))
            {
                _topics.Add(topic, found = new MemoryTopic());
            }

            return found;
        }
    }

    public int PartitionCount(string topic) => 1;

    /// <summary>Takes a record of the test's.</summary>
    public void Append(string topic, TopicRecord record) => Arrivals.Enqueue((topic, this[topic].Append(record)));

    /// <summary>Takes a record of the topology's.</summary>
    public void Send(string topic, int partition, in SerializedRecord record)
    {
        var written = new TopicRecord(
            record.HasKey ? record.Key.ToArray() : null,
            record.HasValue ? record.Value.ToArray() : null,
            record.Timestamp,
            record.Headers);
        Arrivals.Enqueue((topic, this[topic].Produce(written)));
    }
}
