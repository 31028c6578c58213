using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// Finds the shard of a group and makes <c>__consumer_offsets</c> when it is first needed. Created and disposed by the broker; any
/// thread may call.
/// </summary>
internal sealed class GroupCoordinator : IDisposable
{
    private readonly CoordinatorShards<GroupShard> _shards;

    public GroupCoordinator(
        InternalTopics topics, GroupSettings settings, int partitionCount, MetadataLog metadata, ShareStates shareStates, TimerQueue timers,
        BrokerClock clock, ILogger logger)
    {
        Settings = settings;
        _shards = new CoordinatorShards<GroupShard>(topics, TopicImage.ConsumerOffsets, partitionCount, Load);

        GroupShard Load(Partition log)
        {
            var shard = new GroupShard(log, settings, metadata, shareStates, timers, clock, logger);
            shard.Replay();
            return shard;
        }
    }

    public GroupSettings Settings { get; }

    /// <summary>The partition of <c>__consumer_offsets</c> that keeps a group.</summary>
    public TopicPartition LogOf(string groupId) => new(TopicImage.ConsumerOffsets, _shards.IndexOf(groupId));

    /// <summary>The shard of a group; the topic is created when it does not exist yet.</summary>
    public ValueTask<GroupShard> ShardOfAsync(string groupId) => _shards.OfAsync(groupId);

    /// <summary>Every shard.</summary>
    public async ValueTask<IReadOnlyList<GroupShard>> ShardsAsync() => await _shards.AllAsync().ConfigureAwait(false);

    /// <summary>Loads the groups when the topic exists; called once at the start.</summary>
    public void LoadIfPresent() => _shards.LoadIfPresent();

    /// <summary>A transaction's marker has been appended to a partition of <c>__consumer_offsets</c>.</summary>
    public void OnMarker(int partition, long producerId, bool isCommit)
    {
        if (_shards.Present is { Count: > 0 } shards)
        {
            shards[partition].CompleteTransaction(producerId, isCommit);
        }
    }

    /// <summary>Offsets of a deleted topic are deleted too.</summary>
    public void OnTopicDeleted(string topic)
    {
        foreach (var shard in _shards.Present)
        {
            shard.DeleteOffsetsOfTopic(topic);
        }
    }

    /// <summary>Deletes what nobody has used for long.</summary>
    public void Expire()
    {
        foreach (var shard in _shards.Present)
        {
            shard.Expire();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _shards.Dispose();
}
