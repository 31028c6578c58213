using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Groups;

/// <content>Committed offsets.</content>
internal sealed partial class GroupShard
{
    /// <summary>Commits offsets; durable when the task ends.</summary>
    public async ValueTask<ErrorCode> CommitAsync(
        string groupId,
        MemberIdentity identity,
        bool knowsEpochs,
        IReadOnlyList<KeyValuePair<TopicPartition, CommittedOffset>> offsets)
    {
        lock (_gate)
        {
            var entry = Find(groupId);
            if (entry is null && identity.Generation >= 0)
            {
                return knowsEpochs ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration;
            }

            entry ??= GetOrAdd(groupId);
            var now = clock.NowMs;
            var error = entry.Group.CheckCommit(CommitOf(entry, identity, false, knowsEpochs, offsets), now);
            if (error != ErrorCode.None || offsets.Count == 0)
            {
                return error;
            }

            error = AppendOffsets(groupId, offsets, now, new RecordBatchOptions());
            if (error != ErrorCode.None)
            {
                return error;
            }

            foreach (var (partition, offset) in offsets)
            {
                entry.Offsets.Commit(partition, offset);
            }
        }

        return await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Commits offsets as part of a transaction; they count once its marker is written.</summary>
    public async ValueTask<ErrorCode> CommitTransactionalAsync(
        string groupId,
        MemberIdentity identity,
        long producerId,
        short producerEpoch,
        IReadOnlyList<KeyValuePair<TopicPartition, CommittedOffset>> offsets)
    {
        lock (_gate)
        {
            var entry = GetOrAdd(groupId);
            var now = clock.NowMs;
            var error = entry.Group.CheckCommit(CommitOf(entry, identity, true, true, offsets), now);
            if (error != ErrorCode.None || offsets.Count == 0)
            {
                return error;
            }

            var options = new RecordBatchOptions { IsTransactional = true, ProducerId = producerId, ProducerEpoch = producerEpoch };
            error = AppendOffsets(groupId, offsets, now, options);
            if (error != ErrorCode.None)
            {
                return error;
            }

            foreach (var (partition, offset) in offsets)
            {
                entry.Offsets.CommitPending(producerId, partition, offset);
            }
        }

        return await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>A transaction's marker has been appended to the log of this shard.</summary>
    public void CompleteTransaction(long producerId, bool isCommit)
    {
        lock (_gate)
        {
            foreach (var entry in _groups.Values)
            {
                entry.Offsets.CompleteTransaction(producerId, isCommit);
            }
        }
    }

    /// <summary>Deletes offsets, of all partitions that <paramref name="select"/> chooses.</summary>
    public ErrorCode DeleteOffsets(string groupId, Func<GroupEntry, IReadOnlyList<TopicPartition>> select)
    {
        lock (_gate)
        {
            return Find(groupId) is { } entry ? DeleteOffsets(entry, select(entry)) : ErrorCode.GroupIdNotFound;
        }
    }

    /// <summary>Deletes the offsets of partitions that are gone.</summary>
    public void DeleteOffsetsOfTopic(string topic)
    {
        lock (_gate)
        {
            foreach (var entry in _groups.Values)
            {
                DeleteOffsets(entry, [.. entry.Offsets.Committed.Keys.Where(p => p.Topic == topic)]);
            }
        }
    }

    /// <summary>Deletes offsets that nobody has used for long, and groups that have nothing left.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            var now = clock.NowMs;
            foreach (var entry in _groups.Values.ToArray())
            {
                DeleteOffsets(entry, entry.Offsets.Expired(entry.Group, settings.OffsetsRetentionMs, now));
                if (entry.Group is { IsEmpty: true, Expires: true, State: nameof(GroupPhase.Empty) } && entry.Offsets.IsEmpty)
                {
                    Forget(entry);
                }
            }
        }
    }

    /// <summary>A commit with its partitions as the group knows them; a classic group does not look.</summary>
    private OffsetCommitEvent CommitOf(
        GroupEntry entry,
        MemberIdentity identity,
        bool isTransactional,
        bool knowsEpochs,
        IReadOnlyList<KeyValuePair<TopicPartition, CommittedOffset>> offsets)
    {
        var topics = metadata.Image.Topics;
        return new OffsetCommitEvent(identity, isTransactional, knowsEpochs, entry.Consumer is null
            ? []
            : [.. offsets.Select(o => new TopicIdPartition(topics.GetValueOrDefault(o.Key.Topic)?.Id ?? Guid.Empty, o.Key.Partition))])
        {
            Names = entry.Streams is null ? [] : [.. offsets.Select(o => o.Key)],
        };
    }

    private ErrorCode AppendOffsets(
        string groupId, IReadOnlyList<KeyValuePair<TopicPartition, CommittedOffset>> offsets, long now, in RecordBatchOptions options)
    {
        _batch.Reset();
        foreach (var (partition, offset) in offsets)
        {
            GroupRecords.AppendOffset(_batch, groupId, partition, offset, now);
        }

        return Append(options);
    }

    private ErrorCode DeleteOffsets(GroupEntry entry, IReadOnlyList<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
        {
            return ErrorCode.None;
        }

        _batch.Reset();
        foreach (var partition in partitions)
        {
            GroupRecords.AppendOffsetTombstone(_batch, entry.Group.GroupId, partition, clock.NowMs);
        }

        var error = Append(new RecordBatchOptions());
        if (error == ErrorCode.None)
        {
            foreach (var partition in partitions)
            {
                entry.Offsets.Delete(partition);
            }
        }

        return error;
    }
}
