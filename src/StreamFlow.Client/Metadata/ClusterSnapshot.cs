using System.Collections.Frozen;
using StreamFlow.Client.Administration;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Metadata;

/// <summary>The cluster as one metadata answer describes it.</summary>
/// <param name="Generation">Counts the answers.</param>
/// <param name="ClusterId">The cluster's id, or null.</param>
/// <param name="ControllerId">A broker for admin requests, or -1.</param>
/// <param name="Brokers">The brokers by id.</param>
/// <param name="Topics">The topics that were asked for, by name, those with errors included.</param>
internal sealed record ClusterSnapshot(
    long Generation,
    string? ClusterId,
    int ControllerId,
    FrozenDictionary<int, BrokerDescription> Brokers,
    FrozenDictionary<string, TopicSnapshot> Topics)
{
    public static ClusterSnapshot Empty { get; } =
        new(0, null, -1, FrozenDictionary<int, BrokerDescription>.Empty, FrozenDictionary<string, TopicSnapshot>.Empty);

    /// <summary>The partition, or null when it is not known.</summary>
    public PartitionMetadata? Find(TopicPartition partition) => Find(partition.Topic, partition.Partition);

    /// <summary>The partition, or null when it is not known.</summary>
    public PartitionMetadata? Find(string topic, int partition) =>
        Topics.TryGetValue(topic, out var found) && (uint)partition < (uint)found.Partitions.Length ? found.Partitions[partition] : null;

    /// <summary>The leader's broker id, -1 when there is none or it is not known.</summary>
    public int LeaderOf(TopicPartition partition) => Find(partition)?.Leader ?? -1;
}
