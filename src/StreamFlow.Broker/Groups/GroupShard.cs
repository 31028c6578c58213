using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// The groups that live in one partition of <c>__consumer_offsets</c>. A step runs under the lock: the group decides, its records are
/// appended, the state is taken on, so that the order of the log is the order of the state. Answers that depend on records leave once
/// these are durable. Created by <see cref="GroupCoordinator"/>; any thread may call.
/// </summary>
internal sealed partial class GroupShard(
    Partition log, GroupSettings settings, MetadataLog metadata, ShareStates shareStates, TimerQueue timers, BrokerClock clock,
    ILogger logger) : IDisposable
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

            if (entry is { Streams.IsEmpty: false } or { Share: not null })
            {
                return Task.FromResult<GroupReply>(new JoinReply(0, ErrorCode.InconsistentGroupProtocol, ""));
            }

            var waiter = WaitAsync(out var token);
            if (entry.Consumer is { IsEmpty: false } consumer)
            {
                RequestsOf(consumer).Join(join with { Token = token });
            }
            else
            {
                ClassicOf(entry).Join(join with { Token = token }, clock.NowMs, _effects);
            }

            Finish(entry);
            return waiter;
        }
    }

    /// <summary>A member asks for its assignment; answered when the leader has brought it.</summary>
    public Task<GroupReply> SyncAsync(string groupId, SyncEvent sync)
    {
        lock (_gate)
        {
            if (Find(groupId) is not { Streams: null, Share: null } entry)
            {
                return Task.FromResult<GroupReply>(new SyncReply(0, ErrorCode.UnknownMemberId, null, null, []));
            }

            var waiter = WaitAsync(out var token);
            if (entry.Consumer is { } consumer)
            {
                RequestsOf(consumer).Sync(sync with { Token = token });
            }
            else
            {
                entry.Classic?.Sync(sync with { Token = token }, clock.NowMs, _effects);
            }

            Finish(entry);
            return waiter;
        }
    }

    /// <summary>A sign of life of a member that speaks the classic protocol.</summary>
    public ErrorCode Heartbeat(string groupId, MemberIdentity identity)
    {
        lock (_gate)
        {
            var entry = Find(groupId);
            if (entry?.Consumer is not { } consumer)
            {
                return entry?.Classic?.Heartbeat(identity, clock.NowMs) ?? ErrorCode.UnknownMemberId;
            }

            var error = RequestsOf(consumer).Heartbeat(identity);
            Arm(entry);
            return error;
        }
    }

    /// <summary>A member leaves, or an administrator removes it.</summary>
    public ErrorCode Leave(string groupId, MemberIdentity identity)
    {
        lock (_gate)
        {
            if (Find(groupId) is not { } entry)
            {
                return ErrorCode.UnknownMemberId;
            }

            var error = entry.Consumer is { } consumer
                ? RequestsOf(consumer).Leave(identity)
                : entry.Classic?.Leave(identity, clock.NowMs, _effects) ?? ErrorCode.UnknownMemberId;
            Finish(entry);
            return error;
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
            error = error == ErrorCode.None && entry.Share is { } share ? DeleteStates(share, share.State.Topics.Keys) : error;
            error = error == ErrorCode.None ? Forget(entry) : error;

            if (error != ErrorCode.None)
            {
                return error;
            }
        }

        return await FlushAsync().ConfigureAwait(false);
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
            var now = clock.NowMs;
            new GroupReplay(GetOrAdd, groupId => new ClassicGroup(groupId, settings), NewConsumer, NewStreams, NewShare,
                () => _groups.Values, now).Run(log);
            foreach (var (groupId, entry) in _groups.ToArray())
            {
                if (entry.Group is ClassicGroup { IsEmpty: true, ProtocolType: null } && entry.Offsets.IsEmpty)
                {
                    // Only its end was in the log.
                    _groups.Remove(groupId);
                    continue;
                }

                entry.Consumer?.BeginSessions(settings.MembersEndWithBroker, now);
                entry.Streams?.BeginSessions(settings.MembersEndWithBroker, now);
                entry.Share?.BeginSessions(settings.MembersEndWithBroker, now);
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

    /// <summary>The classic group of an entry; an empty group of KIP-848 makes way for it once the step is stored.</summary>
    private ClassicGroup ClassicOf(GroupEntry entry)
    {
        if (entry.Group is ClassicGroup classic)
        {
            return classic;
        }

        foreach (var tombstone in entry.Group.Tombstones())
        {
            _effects.Store(tombstone);
        }

        var successor = new ClassicGroup(entry.Group.GroupId, settings);
        _effects.Successor = successor;
        return successor;
    }

    private ClassicMemberRequests RequestsOf(ConsumerGroup group) => new(group, metadata.Image, clock.NowMs, _effects);

    /// <summary>Stores what the step wants stored, then answers.</summary>
    private ErrorCode Finish(GroupEntry entry)
    {
        var group = _effects.Successor ?? entry.Group;
        var mustStore = _effects.Records.Count > 0;
        ClassicGroup? downgraded = null;
        if (mustStore && group is ConsumerGroup consumer && ConsumerGroupConversion.MustDowngrade(consumer))
        {
            downgraded = ConsumerGroupConversion.Downgrade(consumer, settings, metadata.Image, clock.NowMs, _effects);
        }

        var error = mustStore ? Append(_effects.Records) : ErrorCode.None;
        if (error == ErrorCode.None && group != entry.Group)
        {
            entry.Classic?.HandOver(_effects);
        }

        var replies = _effects.Replies.Count == 0 ? [] : _effects.Replies.ToArray();
        _effects.Clear();
        if (error != ErrorCode.None)
        {
            GoOnWithoutStoring(entry, group);
            replies = [.. replies.Select(r => r with { Error = ErrorCode.CoordinatorNotAvailable }), .. _effects.Replies];
            _effects.Clear();
        }
        else
        {
            group.Stored();
            entry.Group = downgraded ?? group;
        }

        Arm(entry);
        if (replies.Length > 0)
        {
            Answer(replies, mustStore && error == ErrorCode.None);
        }

        // A static member that took the place of the last member of the new kind has what that one had.
        if (error == ErrorCode.None && downgraded is not null && !Array.Exists(replies, r => r is JoinReply { Error: ErrorCode.None }))
        {
            downgraded.Rebalance(clock.NowMs, _effects);
            Finish(entry);
        }

        return error;
    }

    private void GoOnWithoutStoring(GroupEntry entry, IGroup group)
    {
        if (group == entry.Group)
        {
            group.NotStored(clock.NowMs, _effects);
        }
        else
        {
            // The group stays what it was; those who wait at the other one have to come back.
            (group as ClassicGroup)?.HandOver(_effects);
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

    private ErrorCode Append(IEnumerable<CoordinatorRecord> records)
    {
        _batch.Reset();
        var now = clock.NowMs;
        foreach (var record in records)
        {
            GroupRecords.Append(_batch, record, now);
        }

        return Append(new RecordBatchOptions());
    }

    private ErrorCode Forget(GroupEntry entry)
    {
        var error = Append(entry.Group.Tombstones());
        if (error == ErrorCode.None)
        {
            entry.Classic?.Kill(clock.NowMs);
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
