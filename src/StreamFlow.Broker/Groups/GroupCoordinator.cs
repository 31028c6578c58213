using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// Finds the shard of a group and makes <c>__consumer_offsets</c> when it is first needed. Created and disposed by the broker; any
/// thread may call.
/// </summary>
internal sealed class GroupCoordinator(
    InternalTopics topics, GroupSettings settings, int partitionCount, MetadataLog metadata, TimerQueue timers, BrokerClock clock,
    ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private GroupShard[]? _shards;

    public GroupSettings Settings => settings;

    /// <summary>The partition of <c>__consumer_offsets</c> that keeps a group.</summary>
    public TopicPartition LogOf(string groupId) => new(TopicImage.ConsumerOffsets, CoordinatorHash.PartitionFor(groupId, Count));

    /// <summary>The shard of a group; the topic is created when it does not exist yet.</summary>
    public async ValueTask<GroupShard> ShardOfAsync(string groupId) =>
        (await ShardsAsync().ConfigureAwait(false))[CoordinatorHash.PartitionFor(groupId, Count)];

    /// <summary>Every shard.</summary>
    public async ValueTask<IReadOnlyList<GroupShard>> ShardsAsync()
    {
        if (Volatile.Read(ref _shards) is { } shards)
        {
            return shards;
        }

        return Load(await topics.GetOrCreateAsync(TopicImage.ConsumerOffsets, partitionCount).ConfigureAwait(false));
    }

    /// <summary>Loads the groups when the topic exists; called once at the start.</summary>
    public void LoadIfPresent()
    {
        if (topics.TryGet(TopicImage.ConsumerOffsets) is { } partitions)
        {
            Load(partitions);
        }
    }

    /// <summary>A transaction's marker has been appended to a partition of <c>__consumer_offsets</c>.</summary>
    public void OnMarker(int partition, long producerId, bool isCommit) =>
        Volatile.Read(ref _shards)?[partition].CompleteTransaction(producerId, isCommit);

    /// <summary>Offsets of a deleted topic are deleted too.</summary>
    public void OnTopicDeleted(string topic)
    {
        foreach (var shard in Volatile.Read(ref _shards) ?? [])
        {
            shard.DeleteOffsetsOfTopic(topic);
        }
    }

    /// <summary>Deletes what nobody has used for long.</summary>
    public void Expire()
    {
        foreach (var shard in Volatile.Read(ref _shards) ?? [])
        {
            shard.Expire();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in Volatile.Read(ref _shards) ?? [])
        {
            shard.Dispose();
        }
    }

    private int Count => Volatile.Read(ref _shards)?.Length ?? partitionCount;

    private GroupShard[] Load(Partition[] partitions)
    {
        lock (_gate)
        {
            if (_shards is not null)
            {
                return _shards;
            }

            var shards = Array.ConvertAll(partitions, p => new GroupShard(p, settings, metadata, timers, clock, logger));
            foreach (var shard in shards)
            {
                shard.Replay();
            }

            Volatile.Write(ref _shards, shards);
            return shards;
        }
    }
}
