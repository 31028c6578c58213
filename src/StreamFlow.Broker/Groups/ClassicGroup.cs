using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// A consumer group of the classic protocol (join, sync, heartbeat, leave) as a pure state machine: every method takes an event and the
/// time and says in <see cref="GroupEffects"/> what to answer and whether to store. It knows no clock, disk or network; its owner calls
/// <see cref="Tick"/> when <see cref="NextDeadline"/> has come. Not thread safe.
/// </summary>
internal sealed partial class ClassicGroup(string groupId, GroupSettings settings) : IGroup
{
    /// <summary>A new member's first join may wait this long before the member is given up (ms); Kafka's value.</summary>
    private const long NewMemberJoinTimeoutMs = 5 * 60 * 1000;

    private readonly GroupRoster _roster = new();
    private readonly Dictionary<string, long> _pendingJoins = [];
    private long _rebalanceDeadline = long.MaxValue;
    private long _syncDeadline = long.MaxValue;

    // The first rebalance of an empty group is drawn out in steps while members keep arriving.
    private bool _isInitialRebalance;
    private bool _memberArrived;
    private long _initialRemainingMs;

    public string GroupId { get; } = groupId;

    /// <inheritdoc/>
    public string Kind => "classic";

    /// <inheritdoc/>
    public string State => Phase.ToString();

    public GroupPhase Phase { get; private set; } = GroupPhase.Empty;

    public int Generation { get; private set; }

    /// <summary>The kind of clients in the group, null before the first member.</summary>
    public string? ProtocolType { get; private set; }

    /// <summary>The chosen strategy, null while there is none.</summary>
    public string? ProtocolName { get; private set; }

    /// <summary>When the phase last changed (ms since 1970); -1 before the first change.</summary>
    public long PhaseSince { get; private set; } = -1;

    public string? Leader => _roster.Leader;

    public IReadOnlyCollection<GroupMember> Members => _roster.All;

    public bool IsEmpty => _roster.Count == 0;

    /// <summary>The earliest time at which <see cref="Tick"/> has something to do (ms); <see cref="long.MaxValue"/> for never.</summary>
    public long NextDeadline
    {
        get
        {
            var next = Math.Min(_rebalanceDeadline, _syncDeadline);
            foreach (var member in _roster.All)
            {
                if (!member.IsHeldAlive)
                {
                    next = Math.Min(next, member.SessionDeadline);
                }
            }

            foreach (var deadline in _pendingJoins.Values)
            {
                next = Math.Min(next, deadline);
            }

            return next;
        }
    }

    /// <summary>
    /// Takes over what the log says about the group. Sessions begin anew, or end at once when members died with the broker.
    /// </summary>
    public void Restore(
        int generation, string? protocolType, string? protocolName, string? leader, long phaseSince,
        IEnumerable<GroupMember> members, long now)
    {
        _roster.Clear();
        foreach (var member in members)
        {
            member.SessionDeadline = settings.MembersEndWithBroker ? now : now + member.SessionTimeoutMs;
            _roster.Add(member);
        }

        _roster.Leader = leader;
        Generation = generation;
        ProtocolType = protocolType;
        ProtocolName = protocolName;
        Phase = _roster.Count == 0 ? GroupPhase.Empty : GroupPhase.Stable;
        PhaseSince = phaseSince;
    }

    /// <summary>Every member has to join again.</summary>
    public void Rebalance(long now, GroupEffects effects) => RebalanceFor(now, effects);

    /// <summary>Answers whatever members wait for: the group goes on as one of another kind, and they have to join that.</summary>
    public void HandOver(GroupEffects effects)
    {
        foreach (var member in _roster.All)
        {
            member.AnswerInFlight(ErrorCode.RebalanceInProgress, effects);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The assignments of the last sync got lost: the members have to go through another rebalance.</remarks>
    public void NotStored(long now, GroupEffects effects)
    {
        foreach (var member in _roster.All)
        {
            member.Assignment = [];
        }

        BeginRebalance(now, effects);
    }

    /// <summary>A sign of life.</summary>
    public ErrorCode Heartbeat(MemberIdentity identity, long now)
    {
        var error = _roster.Find(identity, out var member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (identity.Generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        member!.KeepAlive(now);
        return Phase == GroupPhase.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>A member leaves, or an administrator removes a static member by its instance id.</summary>
    public ErrorCode Leave(MemberIdentity identity, long now, GroupEffects effects)
    {
        if (identity.InstanceId is null && _pendingJoins.Remove(identity.MemberId))
        {
            CompleteRebalanceIfAllJoined(now, effects);
            return ErrorCode.None;
        }

        var error = _roster.Find(identity, out var member);
        if (error == ErrorCode.None)
        {
            Remove(member!, ErrorCode.UnknownMemberId, now, effects);
        }

        return error;
    }

    /// <inheritdoc/>
    public ErrorCode CheckCommit(OffsetCommitEvent commit, long now)
    {
        if (Phase == GroupPhase.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        var (identity, isTransactional) = (commit.Identity, commit.IsTransactional);
        var isAnonymous = identity.Generation < 0 && identity.MemberId.Length == 0 && identity.InstanceId is null;
        if (isAnonymous && (isTransactional || IsEmpty))
        {
            return ErrorCode.None;
        }

        if (identity.Generation < 0 && IsEmpty && !isTransactional)
        {
            return ErrorCode.None;
        }

        if (identity.Generation >= 0 && IsEmpty && Generation == 0)
        {
            return ErrorCode.IllegalGeneration;
        }

        var error = _roster.Find(identity, out var member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (identity.Generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if (Phase == GroupPhase.CompletingRebalance && !isTransactional)
        {
            return ErrorCode.RebalanceInProgress;
        }

        member!.KeepAlive(now);
        return ErrorCode.None;
    }

    /// <inheritdoc/>
    public ErrorCode CheckFetch(string? memberId, int memberEpoch) => ErrorCode.None;

    /// <inheritdoc/>
    public IReadOnlySet<string>? SubscribedTopics()
    {
        if (IsEmpty)
        {
            return new HashSet<string>();
        }

        if (ProtocolType != ConsumerGroup.Protocol || ProtocolName is null)
        {
            return null;
        }

        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in _roster.All)
        {
            try
            {
                topics.UnionWith(VersionedBytes.Read<ConsumerProtocolSubscription>(member.MetadataFor(ProtocolName)).Topics);
            }
            catch (ProtocolException)
            {
                // The bytes belong to the clients. When they are not what is usual, nothing is known about the topics.
                return null;
            }
        }

        return topics;
    }

    /// <inheritdoc/>
    public long? UnusedSince(TopicPartition partition, long committedAt, IReadOnlySet<string>? subscribed) => this switch
    {
        // Without members the time counts from when the last one left; a group that never had any counts from the commit.
        { IsEmpty: true, ProtocolType: not null } => Math.Max(committedAt, PhaseSince),
        { IsEmpty: true } => committedAt,
        { Phase: GroupPhase.Stable } when subscribed is not null && !subscribed.Contains(partition.Topic) => committedAt,
        _ => null,
    };

    /// <inheritdoc/>
    public IEnumerable<CoordinatorRecord> Tombstones() => [GroupRecords.NoGroup(GroupId)];

    /// <summary>Does everything whose time has come.</summary>
    public void Tick(long now, GroupEffects effects)
    {
        foreach (var (memberId, _) in _pendingJoins.Where(p => p.Value <= now).ToArray())
        {
            _pendingJoins.Remove(memberId);
            CompleteRebalanceIfAllJoined(now, effects);
        }

        foreach (var member in _roster.All.Where(m => m.SessionDeadline <= now && !m.IsHeldAlive).ToArray())
        {
            Remove(member, ErrorCode.UnknownMemberId, now, effects);
        }

        if (_syncDeadline <= now)
        {
            DropMembersThatOweSync(now, effects);
        }

        if (_rebalanceDeadline <= now)
        {
            RebalanceTimeoutPassed(now, effects);
        }
    }

    /// <summary>Deletes the group; a group with members is not deleted.</summary>
    public void Kill(long now) => Move(GroupPhase.Dead, now);

    private void Remove(GroupMember member, ErrorCode inFlight, long now, GroupEffects effects)
    {
        member.AnswerInFlight(inFlight, effects);
        _roster.Remove(member);
        RebalanceFor(now, effects);
    }

    private void Move(GroupPhase phase, long now)
    {
        Phase = phase;
        PhaseSince = now;
    }
}
