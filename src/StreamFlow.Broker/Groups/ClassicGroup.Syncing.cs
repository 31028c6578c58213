using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <content>How the leader's assignments reach the members.</content>
internal sealed partial class ClassicGroup
{
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
        effects.Store(GroupRecords.Group(this));
        foreach (var other in _roster.All)
        {
            AnswerSync(other, now, effects);
        }

        ClearSyncDeadlineIfDone();
    }

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
}
