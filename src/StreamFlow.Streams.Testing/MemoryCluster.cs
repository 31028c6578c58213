using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Testing;

/// <summary>The topics of a test, made when first touched; takes what sinks write.</summary>
internal sealed class MemoryCluster : IRecordCollector
{
    private readonly Dictionary<string, MemoryTopic> _topics = new(StringComparer.Ordinal);

    public IEnumerable<string> TopicNames => _topics.Keys;

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

    public void Send(string topic, int partition, in SerializedRecord record) =>
        this[topic].Produce(new TopicRecord(
            record.HasKey ? record.Key.ToArray() : null,
            record.HasValue ? record.Value.ToArray() : null,
            record.Timestamp,
            record.Headers));
}
