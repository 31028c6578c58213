using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// A consumer group of the classic protocol (join, sync, heartbeat, leave) as a pure state machine: every method takes an event and the
/// time and says in <see cref="GroupEffects"/> what to answer and whether to store. It knows no clock, disk or network; its owner calls
/// <see cref="Tick"/> when <see cref="NextDeadline"/> has come. Not thread safe.
/// </summary>
internal sealed class ClassicGroup(string groupId, GroupSettings settings)
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

    /// <summary>A member joins, or joins again.</summary>
    public void Join(JoinEvent join, long now, GroupEffects effects)
    {
        var error = CheckJoin(join);
        if (error != ErrorCode.None)
        {
            effects.Reply(new JoinReply(join.Token, error, join.MemberId));
        }
        else if (join.MemberId.Length == 0)
        {
            JoinAsNewMember(join, now, effects);
        }
        else if (_pendingJoins.Remove(join.MemberId))
        {
            Admit(join, join.MemberId, now, effects);
        }
        else
        {
            JoinAgain(join, now, effects);
        }
    }

    /// <summary>A member asks for its assignment.</summary>
    public void Sync(SyncEvent sync, long now, GroupEffects effects)
    {
        var error = CheckSync(sync, out var member);
        if (error != ErrorCode.None)
        {
            effects.Reply(new SyncReply(sync.Token, error, null, null, []));
            return;
        }

        member!.OwesSync = false;
        if (Phase == GroupPhase.Stable)
        {
            effects.Reply(SyncReplyFor(member, sync.Token));
            member.KeepAlive(now);
            ClearSyncDeadlineIfDone();
            return;
        }

        member.HoldSync(sync.Token, effects);
        if (member.MemberId != Leader)
        {
            ClearSyncDeadlineIfDone();
            return;
        }

        foreach (var other in _roster.All)
        {
            other.Assignment = sync.Assignments.TryGetValue(other.MemberId, out var assignment) ? assignment : [];
        }

        Move(GroupPhase.Stable, now);
        effects.Store();
        foreach (var other in _roster.All)
        {
            AnswerSync(other, now, effects);
        }

        ClearSyncDeadlineIfDone();
    }

    /// <summary>The assignments of the last sync could not be stored: the members have to go through another rebalance.</summary>
    public void AssignmentNotStored(long now, GroupEffects effects)
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

    /// <summary>Whether a commit of offsets is allowed; it counts as a sign of life.</summary>
    /// <param name="identity">Who commits; generation -1 and no member id from a consumer that manages itself.</param>
    /// <param name="isTransactional">A transactional producer may commit for a group without naming a member (KIP-447).</param>
    /// <param name="now">ms.</param>
    public ErrorCode CheckCommit(MemberIdentity identity, bool isTransactional, long now)
    {
        if (Phase == GroupPhase.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

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

    private ErrorCode CheckJoin(JoinEvent join)
    {
        if (Phase == GroupPhase.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (join.SessionTimeoutMs < settings.MinSessionTimeoutMs || join.SessionTimeoutMs > settings.MaxSessionTimeoutMs)
        {
            return ErrorCode.InvalidSessionTimeout;
        }

        if (!CanFollow(join))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        var isMember = join.MemberId.Length > 0 && _roster.TryGet(join.MemberId, out _);
        var returns = join.InstanceId is not null && _roster.TryGetStatic(join.InstanceId, out _);
        return !isMember && !returns && _roster.Count >= settings.MaxSize ? ErrorCode.GroupMaxSizeReached : ErrorCode.None;
    }

    private bool CanFollow(JoinEvent join)
    {
        if (join.ProtocolType.Length == 0 || join.Protocols.Length == 0)
        {
            return false;
        }

        return IsEmpty || (join.ProtocolType == ProtocolType && join.Protocols.Any(p => _roster.AllOffer(p.Name, except: join.MemberId)));
    }

    private void JoinAsNewMember(JoinEvent join, long now, GroupEffects effects)
    {
        if (join.InstanceId is { } instanceId)
        {
            if (_roster.TryGetStatic(instanceId, out var returning))
            {
                ReturnStatic(returning, join, now, effects);
            }
            else
            {
                Admit(join, join.NewMemberId, now, effects);
            }
        }
        else if (join.RequiresKnownId)
        {
            _pendingJoins[join.NewMemberId] = now + join.SessionTimeoutMs;
            effects.Reply(new JoinReply(join.Token, ErrorCode.MemberIdRequired, join.NewMemberId));
        }
        else
        {
            Admit(join, join.NewMemberId, now, effects);
        }
    }

    private void Admit(JoinEvent join, string memberId, long now, GroupEffects effects)
    {
        var member = new GroupMember(memberId, join.InstanceId) { IsNew = true, SessionDeadline = now + NewMemberJoinTimeoutMs };
        member.Update(join, effects);
        if (IsEmpty)
        {
            ProtocolType = join.ProtocolType;
        }

        _roster.Add(member);
        _memberArrived = true;
        RebalanceFor(now, effects);
    }

    private void JoinAgain(JoinEvent join, long now, GroupEffects effects)
    {
        var error = _roster.Find(new MemberIdentity(join.MemberId, join.InstanceId, -1), out var member);
        if (error != ErrorCode.None)
        {
            effects.Reply(new JoinReply(join.Token, error, join.MemberId));
            return;
        }

        // A member that missed the answer of a rebalance that has completed gets the same answer again.
        var isUnchanged = member!.Offers(join.Protocols);
        var repeats = (Phase == GroupPhase.CompletingRebalance && isUnchanged)
            || (Phase == GroupPhase.Stable && isUnchanged && member.MemberId != Leader);
        if (repeats)
        {
            member.KeepAlive(now);
            effects.Reply(JoinReplyFor(member, join.Token));
            return;
        }

        member.Update(join, effects);
        RebalanceFor(now, effects);
    }

    private void ReturnStatic(GroupMember member, JoinEvent join, long now, GroupEffects effects)
    {
        member.AnswerInFlight(ErrorCode.FencedInstanceId, effects);
        var wasLeader = member.MemberId == Leader;
        var oldId = member.MemberId;
        var sameSubscription = member.MetadataFor(ProtocolName).AsSpan().SequenceEqual(Metadata(join.Protocols, ProtocolName));
        _roster.Rename(member, join.NewMemberId);
        member.Update(join, effects);
        member.SessionDeadline = now + join.SessionTimeoutMs;

        if (Phase == GroupPhase.Stable && sameSubscription && _roster.ChooseProtocol() == ProtocolName)
        {
            effects.Store();
            member.JoinToken = GroupMember.None;
            effects.Reply(StaticReturnReply(member, join, wasLeader, oldId));
        }
        else if (Phase != GroupPhase.PreparingRebalance)
        {
            BeginRebalance(now, effects);
        }
        else
        {
            CompleteRebalanceIfAllJoined(now, effects);
        }
    }

    /// <summary>
    /// A leader that came back must not assign again, because a stable group would not hand the result out. New clients are told so;
    /// to old ones the old id is given as leader, which they do not recognise as themselves.
    /// </summary>
    private JoinReply StaticReturnReply(GroupMember member, JoinEvent join, bool wasLeader, string oldId) =>
        wasLeader && join.SupportsSkippingAssignment
            ? JoinReplyFor(member, join.Token) with { SkipAssignment = true }
            : JoinReplyFor(member, join.Token) with { Leader = wasLeader ? oldId : Leader ?? "", Members = [] };

    private static ReadOnlySpan<byte> Metadata(GroupProtocol[] protocols, string? name) =>
        Array.Find(protocols, p => p.Name == name).Metadata;

    private void RebalanceFor(long now, GroupEffects effects)
    {
        if (Phase != GroupPhase.PreparingRebalance)
        {
            BeginRebalance(now, effects);
        }
        else
        {
            CompleteRebalanceIfAllJoined(now, effects);
        }
    }

    private void BeginRebalance(long now, GroupEffects effects)
    {
        foreach (var member in _roster.All)
        {
            member.OwesSync = false;
            if (member.SyncToken != GroupMember.None)
            {
                member.HoldSync(GroupMember.None, effects);
                member.KeepAlive(now);
            }
        }

        _syncDeadline = long.MaxValue;
        _isInitialRebalance = Phase == GroupPhase.Empty;
        var timeout = _roster.RebalanceTimeoutMs;
        if (_isInitialRebalance)
        {
            _memberArrived = false;
            _initialRemainingMs = Math.Max(timeout - settings.InitialRebalanceDelayMs, 0);
            timeout = settings.InitialRebalanceDelayMs;
        }

        _rebalanceDeadline = now + timeout;
        Move(GroupPhase.PreparingRebalance, now);
        if (_isInitialRebalance && timeout == 0)
        {
            CompleteRebalance(now, effects);
        }
        else
        {
            CompleteRebalanceIfAllJoined(now, effects);
        }
    }

    private void RebalanceTimeoutPassed(long now, GroupEffects effects)
    {
        if (_isInitialRebalance && _memberArrived && _initialRemainingMs > 0)
        {
            _memberArrived = false;
            var delay = Math.Min(settings.InitialRebalanceDelayMs, _initialRemainingMs);
            _initialRemainingMs -= delay;
            _rebalanceDeadline = now + delay;
            return;
        }

        CompleteRebalance(now, effects);
    }

    private void CompleteRebalanceIfAllJoined(long now, GroupEffects effects)
    {
        var nobodyIsLeft = IsEmpty && _pendingJoins.Count == 0;
        if (Phase == GroupPhase.PreparingRebalance
            && (nobodyIsLeft || (!_isInitialRebalance && _pendingJoins.Count == 0 && _roster.AllAwaitJoin())))
        {
            CompleteRebalance(now, effects);
        }
    }

    private void CompleteRebalance(long now, GroupEffects effects)
    {
        foreach (var late in _roster.All.Where(m => !m.IsAwaitingJoin && !m.IsStatic).ToArray())
        {
            _roster.Remove(late);
        }

        if (!IsEmpty && !_roster.ElectJoinedLeader())
        {
            // Only static members are left and none of them has come back yet: wait another round.
            _isInitialRebalance = false;
            _rebalanceDeadline = now + _roster.RebalanceTimeoutMs;
            return;
        }

        _isInitialRebalance = false;
        _rebalanceDeadline = long.MaxValue;
        Generation++;
        ProtocolName = IsEmpty ? null : _roster.ChooseProtocol();
        if (IsEmpty)
        {
            Move(GroupPhase.Empty, now);
            effects.Store();
            return;
        }

        Move(GroupPhase.CompletingRebalance, now);
        _syncDeadline = now + _roster.RebalanceTimeoutMs;
        foreach (var member in _roster.All)
        {
            member.IsNew = false;
            member.OwesSync = true;
            member.KeepAlive(now);
            if (member.IsAwaitingJoin)
            {
                effects.Reply(JoinReplyFor(member, member.JoinToken));
                member.JoinToken = GroupMember.None;
            }
        }
    }

    private JoinReply JoinReplyFor(GroupMember member, long token) => new(token, ErrorCode.None, member.MemberId)
    {
        Generation = Generation,
        ProtocolType = ProtocolType,
        ProtocolName = ProtocolName,
        Leader = Leader ?? "",
        Members = member.MemberId == Leader
            ? [.. _roster.All.Select(m => new JoinedMember(m.MemberId, m.InstanceId, m.MetadataFor(ProtocolName)))]
            : [],
    };

    private ErrorCode CheckSync(SyncEvent sync, out GroupMember? member)
    {
        var error = _roster.Find(sync.Identity, out member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (sync.Identity.Generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if ((sync.ProtocolType is not null && sync.ProtocolType != ProtocolType)
            || (sync.ProtocolName is not null && sync.ProtocolName != ProtocolName))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        return Phase == GroupPhase.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private void AnswerSync(GroupMember member, long now, GroupEffects effects)
    {
        if (member.SyncToken == GroupMember.None)
        {
            return;
        }

        effects.Reply(SyncReplyFor(member, member.SyncToken));
        member.SyncToken = GroupMember.None;
        member.KeepAlive(now);
    }

    private SyncReply SyncReplyFor(GroupMember member, long token) =>
        new(token, ErrorCode.None, ProtocolType, ProtocolName, member.Assignment);

    private void ClearSyncDeadlineIfDone()
    {
        if (_roster.All.All(m => !m.OwesSync))
        {
            _syncDeadline = long.MaxValue;
        }
    }

    private void DropMembersThatOweSync(long now, GroupEffects effects)
    {
        _syncDeadline = long.MaxValue;
        foreach (var member in _roster.All.Where(m => m.OwesSync).ToArray())
        {
            _roster.Remove(member);
        }

        BeginRebalance(now, effects);
    }

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
