using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// The committed offsets of one group, and those of open transactions, which nobody sees until their markers arrive. Changes are made
/// in the order of the log, so that replaying the log gives the same state. Not thread safe.
/// </summary>
internal sealed class GroupOffsets
{
    private readonly Dictionary<TopicPartition, CommittedOffset> _committed = [];
    private readonly Dictionary<long, Dictionary<TopicPartition, CommittedOffset>> _pending = [];

    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Committed => _committed;

    public bool IsEmpty => _committed.Count == 0 && _pending.Count == 0;

    public bool TryGet(TopicPartition partition, out CommittedOffset offset) => _committed.TryGetValue(partition, out offset);

    /// <summary>Whether an open transaction may still change the offset.</summary>
    public bool IsUnstable(TopicPartition partition)
    {
        foreach (var offsets in _pending.Values)
        {
            if (offsets.ContainsKey(partition))
            {
                return true;
            }
        }

        return false;
    }

    public void Commit(TopicPartition partition, CommittedOffset offset) => _committed[partition] = offset;

    /// <summary>Remembers an offset of an open transaction.</summary>
    public void CommitPending(long producerId, TopicPartition partition, CommittedOffset offset)
    {
        if (!_pending.TryGetValue(producerId, out var offsets))
        {
            _pending[producerId] = offsets = [];
        }

        offsets[partition] = offset;
    }

    /// <summary>The transaction's marker arrived: its offsets become visible or are forgotten.</summary>
    /// <returns>Whether there were any.</returns>
    public bool CompleteTransaction(long producerId, bool isCommit)
    {
        if (!_pending.Remove(producerId, out var offsets))
        {
            return false;
        }

        if (isCommit)
        {
            foreach (var (partition, offset) in offsets)
            {
                _committed[partition] = offset;
            }
        }

        return true;
    }

    public void Delete(TopicPartition partition)
    {
        _committed.Remove(partition);
        foreach (var offsets in _pending.Values)
        {
            offsets.Remove(partition);
        }
    }

    /// <summary>The partitions whose offsets nobody will miss (KIP-211).</summary>
    /// <param name="group">The group the offsets belong to.</param>
    /// <param name="retentionMs">How long unused offsets are kept.</param>
    /// <param name="now">ms.</param>
    public IReadOnlyList<TopicPartition> Expired(IGroup group, long retentionMs, long now)
    {
        var expired = new List<TopicPartition>();
        var subscribed = group.SubscribedTopics();
        foreach (var (partition, offset) in _committed)
        {
            if (IsUnstable(partition))
            {
                continue;
            }

            if (group.UnusedSince(partition, offset.CommitTimestamp, subscribed) is { } since && now - since >= retentionMs)
            {
                expired.Add(partition);
            }
        }

        return expired;
    }
}
