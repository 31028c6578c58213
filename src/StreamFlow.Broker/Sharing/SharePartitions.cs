using System.Collections.Concurrent;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Sharing;

/// <summary>
/// The share partitions at work: loaded when a member first asks, forgotten when their group has no members or their state is replaced.
/// Created by the broker; any thread may call.
/// </summary>
internal sealed class SharePartitions
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<SharePartitionKey, LiveSharePartition> _live = [];
    private readonly PartitionManager _partitions;
    private readonly MetadataLog _metadata;
    private readonly ShareStates _states;
    private readonly TimerQueue _timers;
    private readonly BrokerClock _clock;

    public SharePartitions(
        PartitionManager partitions, MetadataLog metadata, ShareStates states, ShareSettings settings, TimerQueue timers, BrokerClock clock)
    {
        (_partitions, _metadata, _states, Settings, _timers, _clock) = (partitions, metadata, states, settings, timers, clock);
        states.Replaced = Forget;
    }

    public ShareSettings Settings { get; }

    /// <summary>A share partition at work, or null.</summary>
    public LiveSharePartition? Find(SharePartitionKey key) => _live.GetValueOrDefault(key);

    /// <summary>A share partition, loaded if need be.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="live">The share partition, when there is no error.</param>
    public ErrorCode Get(SharePartitionKey key, out LiveSharePartition? live)
    {
        if (!_metadata.Image.TopicsById.TryGetValue(key.TopicId, out var topic))
        {
            live = null;
            return ErrorCode.UnknownTopicId;
        }

        if (!_partitions.TryGet(topic.Name, key.Partition, out var log))
        {
            live = null;
            return ErrorCode.UnknownTopicOrPartition;
        }

        if (_live.TryGetValue(key, out live) && ReferenceEquals(live.Log, log))
        {
            return ErrorCode.None;
        }

        lock (_gate)
        {
            return _live.TryGetValue(key, out live) && ReferenceEquals(live.Log, log) ? ErrorCode.None : Load(key, log, out live);
        }
    }

    /// <summary>Forgets what is at work for a group that has nobody left.</summary>
    public void ForgetGroup(string groupId)
    {
        foreach (var key in _live.Keys.Where(k => k.GroupId == groupId).ToArray())
        {
            Forget(key);
        }
    }

    private ErrorCode Load(SharePartitionKey key, Partition log, out LiveSharePartition? live)
    {
        Forget(key);
        live = null;
        var error = _states.Read(key, Partition.LeaderEpoch, out var stored);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (stored!.StartOffset < 0)
        {
            // Written at once: records that come from now on are the group's, whatever happens before the first of them is done with.
            stored = stored with { StartOffset = Begin(key.GroupId, log), DoneCount = 0 };
            error = _states.Write(
                key, new ShareStateChange(stored.StateEpoch, Partition.LeaderEpoch, stored.StartOffset, stored.DoneCount, []));
            if (error != ErrorCode.None)
            {
                return error;
            }
        }

        live = new LiveSharePartition(key, log, stored, _states, Settings, _timers, _clock) { Fenced = Forget };
        _live[key] = live;
        return ErrorCode.None;
    }

    private long Begin(string groupId, Partition log)
    {
        var reset = Settings.ResetOf(groupId);
        if (reset.IsLatest)
        {
            return log.EndFor(ReadIsolation.HighWatermark);
        }

        if (reset.Back is not { } back)
        {
            return log.LogStartOffset;
        }

        var from = _clock.Time.GetUtcNow().ToUnixTimeMilliseconds() - (long)back.TotalMilliseconds;
        return log.FindByTimestamp(from, ReadIsolation.HighWatermark, out var found) == ErrorCode.None && found is { } at
            ? at.Offset
            : log.EndFor(ReadIsolation.HighWatermark);
    }

    private void Forget(SharePartitionKey key)
    {
        if (_live.TryRemove(key, out var live))
        {
            live.Fence();
        }
    }

    /// <summary>Forgets this one, but none that has taken its place.</summary>
    private void Forget(LiveSharePartition live)
    {
        _live.TryRemove(KeyValuePair.Create(live.Key, live));
        live.Fence();
    }
}
