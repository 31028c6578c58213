using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <content>How members come in and come back.</content>
internal sealed partial class ClassicGroup
{
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
            effects.Store(GroupRecords.Group(this));
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
}
