using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// The groups that live in one partition of <c>__consumer_offsets</c>. A step runs under the lock: the group decides, its records are
/// appended, the state is taken on, so that the order of the log is the order of the state. Answers that depend on records leave once
/// these are durable. Created by <see cref="GroupCoordinator"/>; any thread may call.
/// </summary>
internal sealed partial class GroupShard(
    Partition log, GroupSettings settings, TimerQueue timers, BrokerClock clock, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, GroupEntry> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<long, TaskCompletionSource<GroupReply>> _waiting = [];
    private readonly GroupEffects _effects = new();
    private readonly RecordBatchBuilder _batch = new();
    private long _lastToken;

    public Partition Log => log;

    /// <summary>A member joins; answered when the rebalance is done.</summary>
    public Task<GroupReply> JoinAsync(string groupId, JoinEvent join)
    {
        lock (_gate)
        {
            var entry = join.MemberId.Length == 0 ? GetOrAdd(groupId) : Find(groupId);
            if (entry is null)
            {
                return Task.FromResult<GroupReply>(new JoinReply(0, ErrorCode.UnknownMemberId, join.MemberId));
            }

            var waiter = WaitAsync(out var token);
            entry.Group.Join(join with { Token = token }, clock.NowMs, _effects);
            Finish(entry);
            return waiter;
        }
    }

    /// <summary>A member asks for its assignment; answered when the leader has brought it.</summary>
    public Task<GroupReply> SyncAsync(string groupId, SyncEvent sync)
    {
        lock (_gate)
        {
            if (Find(groupId) is not { } entry)
            {
                return Task.FromResult<GroupReply>(new SyncReply(0, ErrorCode.UnknownMemberId, null, null, []));
            }

            var waiter = WaitAsync(out var token);
            entry.Group.Sync(sync with { Token = token }, clock.NowMs, _effects);
            Finish(entry);
            return waiter;
        }
    }

    public ErrorCode Heartbeat(string groupId, MemberIdentity identity)
    {
        lock (_gate)
        {
            return Find(groupId)?.Group.Heartbeat(identity, clock.NowMs) ?? ErrorCode.UnknownMemberId;
        }
    }

    public ErrorCode Leave(string groupId, MemberIdentity identity)
    {
        lock (_gate)
        {
            if (Find(groupId) is not { } entry)
            {
                return ErrorCode.UnknownMemberId;
            }

            var error = entry.Group.Leave(identity, clock.NowMs, _effects);
            Finish(entry);
            return error;
        }
    }

    /// <summary>Commits offsets; durable when the task ends.</summary>
    public async ValueTask<ErrorCode> CommitAsync(
        string groupId, MemberIdentity identity, IReadOnlyList<KeyValuePair<TopicPartition, CommittedOffset>> offsets)
    {
        lock (_gate)
        {
            var entry = Find(groupId);
            if (entry is null && identity.Generation >= 0)
            {
                return ErrorCode.IllegalGeneration;
            }

            entry ??= GetOrAdd(groupId);
            var now = clock.NowMs;
            var error = entry.Group.CheckCommit(identity, false, now);
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
            var error = entry.Group.CheckCommit(identity, true, now);
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

    /// <summary>Looks at a group under the lock.</summary>
    /// <returns>What <paramref name="look"/> gives; it gets null when there is no such group.</returns>
    public T Look<T>(string groupId, Func<GroupEntry?, T> look)
    {
        lock (_gate)
        {
            return look(Find(groupId));
        }
    }

    /// <summary>Looks at every group under the lock.</summary>
    public void LookAtAll(Action<GroupEntry> look)
    {
        lock (_gate)
        {
            foreach (var entry in _groups.Values)
            {
                look(entry);
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

    /// <summary>Deletes a group without members, with its offsets.</summary>
    public async ValueTask<ErrorCode> DeleteGroupAsync(string groupId)
    {
        lock (_gate)
        {
            if (Find(groupId) is not { } entry)
            {
                return ErrorCode.GroupIdNotFound;
            }

            if (!entry.Group.IsEmpty)
            {
                return ErrorCode.NonEmptyGroup;
            }

            var error = DeleteOffsets(entry, [.. entry.Offsets.Committed.Keys]);
            if (error == ErrorCode.None)
            {
                error = Forget(entry);
            }

            if (error != ErrorCode.None)
            {
                return error;
            }
        }

        return await FlushAsync().ConfigureAwait(false);
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
                DeleteOffsets(entry, entry.Offsets.Expired(entry.Group, entry.SubscribedTopics(), settings.OffsetsRetentionMs, now));
                if (entry.Group.IsEmpty && entry.Group.Phase == GroupPhase.Empty && entry.Offsets.IsEmpty)
                {
                    Forget(entry);
                }
            }
        }
    }

    /// <summary>The time of a group has come: something waits no longer.</summary>
    public void OnAlarm(GroupEntry entry)
    {
        lock (_gate)
        {
            entry.ArmedFor = long.MaxValue;
            if (!_groups.TryGetValue(entry.Group.GroupId, out var current) || current != entry)
            {
                return;
            }

            entry.Group.Tick(clock.NowMs, _effects);
            Finish(entry);
        }
    }

    /// <summary>Rebuilds the groups from the log.</summary>
    public void Replay()
    {
        lock (_gate)
        {
            new GroupReplay(GetOrAdd, groupId => _groups.Remove(groupId), () => _groups.Values, clock.NowMs).Run(log);
            foreach (var entry in _groups.Values)
            {
                Arm(entry);
            }

            LogReplayed(log.Id.Partition, _groups.Count);
        }
    }

    /// <summary>Nobody is answered any more; requests that wait get <see cref="ErrorCode.CoordinatorNotAvailable"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var waiter in _waiting.Values)
            {
                waiter.TrySetCanceled();
            }

            _waiting.Clear();
            foreach (var entry in _groups.Values)
            {
                timers.Cancel(entry);
            }

            _groups.Clear();
            _batch.Dispose();
        }
    }

    private GroupEntry? Find(string groupId) => _groups.GetValueOrDefault(groupId);

    private GroupEntry GetOrAdd(string groupId)
    {
        if (!_groups.TryGetValue(groupId, out var entry))
        {
            _groups[groupId] = entry = new GroupEntry(groupId, settings, this);
        }

        return entry;
    }

    private Task<GroupReply> WaitAsync(out long token)
    {
        token = ++_lastToken;
        var waiter = new TaskCompletionSource<GroupReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[token] = waiter;
        return waiter.Task;
    }

    /// <summary>Stores what the step wants stored, then answers.</summary>
    private void Finish(GroupEntry entry)
    {
        var group = entry.Group;
        var mustStore = _effects.StoreGroup;
        var storeError = mustStore ? Store(group) : ErrorCode.None;
        var replies = _effects.Replies.Count == 0 ? [] : _effects.Replies.ToArray();
        _effects.Clear();
        if (storeError != ErrorCode.None)
        {
            group.AssignmentNotStored(clock.NowMs, _effects);
            replies = [.. replies.Select(r => r with { Error = ErrorCode.CoordinatorNotAvailable }), .. _effects.Replies];
            _effects.Clear();
        }

        Arm(entry);
        if (replies.Length > 0)
        {
            Answer(replies, mustStore && storeError == ErrorCode.None);
        }
    }

    private void Answer(GroupReply[] replies, bool afterFlush)
    {
        var waiters = new TaskCompletionSource<GroupReply>?[replies.Length];
        for (var i = 0; i < replies.Length; i++)
        {
            _waiting.Remove(replies[i].Token, out waiters[i]);
        }

        var flush = afterFlush ? FlushAsync() : new ValueTask<ErrorCode>(ErrorCode.None);
        _ = AnswerAsync(replies, waiters, flush);
    }

    private static async Task AnswerAsync(GroupReply[] replies, TaskCompletionSource<GroupReply>?[] waiters, ValueTask<ErrorCode> flush)
    {
        var error = await flush.ConfigureAwait(false);
        for (var i = 0; i < replies.Length; i++)
        {
            waiters[i]?.TrySetResult(error == ErrorCode.None ? replies[i] : replies[i] with { Error = ErrorCode.CoordinatorNotAvailable });
        }
    }

    private void Arm(GroupEntry entry)
    {
        var next = entry.Group.NextDeadline;
        if (next >= entry.ArmedFor)
        {
            // Rings too early at worst; then it is set again.
            return;
        }

        if (entry.ArmedFor != long.MaxValue && !timers.Cancel(entry))
        {
            // It is ringing right now and will be set again by that.
            return;
        }

        entry.ArmedFor = next;
        timers.Add(entry, next - clock.NowMs);
    }

    private ErrorCode Store(ClassicGroup group)
    {
        _batch.Reset();
        GroupRecords.AppendGroup(_batch, group, clock.NowMs);
        return Append(new RecordBatchOptions());
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

    private ErrorCode Forget(GroupEntry entry)
    {
        _batch.Reset();
        GroupRecords.AppendGroupTombstone(_batch, entry.Group.GroupId, clock.NowMs);
        var error = Append(new RecordBatchOptions());
        if (error == ErrorCode.None)
        {
            entry.Group.Kill(clock.NowMs);
            _groups.Remove(entry.Group.GroupId);
            timers.Cancel(entry);
        }

        return error;
    }

    private ErrorCode Append(in RecordBatchOptions options)
    {
        var result = log.Append(_batch.Finish(options), AppendOrigin.Coordinator);
        return result.Error is ErrorCode.None ? ErrorCode.None : AsCoordinatorError(result.Error);
    }

    private async ValueTask<ErrorCode> FlushAsync() => AsCoordinatorError(await log.FlushAsync().ConfigureAwait(false));

    /// <summary>A group's client must not see errors of the log behind it; it is to retry at the coordinator.</summary>
    private static ErrorCode AsCoordinatorError(ErrorCode error) => error switch
    {
        ErrorCode.None => ErrorCode.None,
        ErrorCode.InvalidProducerEpoch or ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge => ErrorCode.InvalidCommitOffsetSize,
        _ => ErrorCode.CoordinatorNotAvailable,
    };

    [LoggerMessage(EventIds.GroupsReplayed, LogLevel.Debug, "Loaded {Count} groups from partition {Partition} of the offsets topic")]
    private partial void LogReplayed(int partition, int count);
}
