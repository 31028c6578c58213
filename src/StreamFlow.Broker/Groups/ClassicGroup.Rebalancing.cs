namespace StreamFlow.Broker.Groups;

/// <content>How a generation comes about: everybody joins again, or is dropped when the time is over.</content>
internal sealed partial class ClassicGroup
{
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
            effects.Store(GroupRecords.Group(this));
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

    private void DropMembersThatOweSync(long now, GroupEffects effects)
    {
        _syncDeadline = long.MaxValue;
        foreach (var member in _roster.All.Where(m => m.OwesSync).ToArray())
        {
            _roster.Remove(member);
        }

        BeginRebalance(now, effects);
    }
}
