using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>
/// The requests of the classic protocol in a KIP-848 group. A join takes the member as far as a heartbeat of the new kind would; a sync
/// gives it what it holds; a heartbeat tells it to join again when there is more to do. Nobody leads: the broker assigns.
/// </summary>
internal sealed class ClassicMemberRequests(ConsumerGroup group, MetadataImage image, long now, GroupEffects effects)
{
    /// <summary>A classic member joins, or joins again.</summary>
    public void Join(JoinEvent join)
    {
        var subscription = ConsumerProtocolBytes.Subscription(join.Protocols);
        var error = CheckJoin(join, subscription);
        if (error == ErrorCode.None && join is { MemberId.Length: 0, InstanceId: null, RequiresKnownId: true })
        {
            effects.Reply(new JoinReply(join.Token, ErrorCode.MemberIdRequired, join.NewMemberId));
            return;
        }

        var memberId = join.MemberId.Length == 0 ? join.NewMemberId : join.MemberId;
        var known = new ConsumerMember { MemberId = memberId };
        if (error == ErrorCode.None)
        {
            error = Find(join, memberId, ref known);
        }

        if (error != ErrorCode.None)
        {
            effects.Reply(new JoinReply(join.Token, error, join.MemberId));
            return;
        }

        var updated = known with
        {
            InstanceId = join.InstanceId ?? known.InstanceId,
            RackId = subscription!.RackId,
            RebalanceTimeoutMs = join.RebalanceTimeoutMs,
            Assignor = null,
            Topics = subscription.Topics.ToImmutableSortedSet(StringComparer.Ordinal),
            TopicPattern = null,
            ClientId = join.ClientId,
            ClientHost = join.ClientHost,
            Classic = new ClassicMembership(join.SessionTimeoutMs, [.. join.Protocols]),
        };
        var owned = ConsumerProtocolBytes.Owned(subscription, image).ToHashSet();
        var member = new ConsumerGroupStep(group, image, static _ => true, now, effects).Run(known, updated, owned);
        group.TimersOf(memberId).Rebalance = now + join.RebalanceTimeoutMs;
        effects.Reply(new JoinReply(join.Token, ErrorCode.None, memberId)
        {
            Generation = member.Epoch,
            ProtocolType = ConsumerGroup.Protocol,
            ProtocolName = join.Protocols[0].Name,
        });
    }

    /// <summary>A classic member asks for what it may have.</summary>
    public void Sync(SyncEvent sync)
    {
        var error = Find(sync.Identity, out var member);
        if (error == ErrorCode.None && !Agrees(member, sync))
        {
            error = ErrorCode.InconsistentGroupProtocol;
        }

        if (error == ErrorCode.None && group.Epoch > member.Epoch && member.State != ConsumerMemberState.UnrevokedPartitions)
        {
            error = ErrorCode.RebalanceInProgress;
        }

        if (error != ErrorCode.None)
        {
            effects.Reply(new SyncReply(sync.Token, error, null, null, []));
            return;
        }

        group.KeepAlive(member, now);
        if (member.State != ConsumerMemberState.UnrevokedPartitions)
        {
            group.TimersOf(member.MemberId).Rebalance = long.MaxValue;
        }

        var protocols = member.Classic!.Protocols;
        effects.Reply(new SyncReply(
            sync.Token, ErrorCode.None, ConsumerGroup.Protocol, protocols[0].Name,
            ConsumerProtocolBytes.Assignment(member, protocols, image)));
    }

    /// <summary>A classic member's sign of life.</summary>
    public ErrorCode Heartbeat(MemberIdentity identity)
    {
        var error = Find(identity, out var member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        group.KeepAlive(member, now);
        var mayHaveMore = member.State == ConsumerMemberState.UnreleasedPartitions
            && !group.TargetOf(member.MemberId).Any(p => !member.Assigned.ContainsKey(p) && group.IsHeld(p));
        if (member.Epoch >= group.Epoch && member.State != ConsumerMemberState.UnrevokedPartitions && !mayHaveMore)
        {
            return ErrorCode.None;
        }

        var timers = group.TimersOf(member.MemberId);
        timers.Rebalance = Math.Min(timers.Rebalance, now + member.RebalanceTimeoutMs);
        return ErrorCode.RebalanceInProgress;
    }

    /// <summary>A classic member leaves, or an administrator removes a member.</summary>
    public ErrorCode Leave(MemberIdentity identity)
    {
        ConsumerMember? member;
        if (identity.InstanceId is { } instanceId)
        {
            if (!group.TryGetStatic(instanceId, out member))
            {
                return ErrorCode.UnknownMemberId;
            }

            if (identity.MemberId.Length > 0 && identity.MemberId != member.MemberId)
            {
                return ErrorCode.FencedInstanceId;
            }
        }
        else if (!group.TryGet(identity.MemberId, out member))
        {
            return ErrorCode.UnknownMemberId;
        }

        group.Remove(member.MemberId, effects);
        return ErrorCode.None;
    }

    private static bool Agrees(ConsumerMember member, SyncEvent sync) =>
        (sync.ProtocolType is null || sync.ProtocolType == ConsumerGroup.Protocol)
        && (sync.ProtocolName is null || sync.ProtocolName == member.Classic!.Protocols[0].Name);

    private ErrorCode CheckJoin(JoinEvent join, ConsumerProtocolSubscription? subscription)
    {
        if (group.Count >= group.Settings.MaxSize && !group.TryGet(join.MemberId, out _))
        {
            return ErrorCode.GroupMaxSizeReached;
        }

        var others = group.Members.Where(m => m.IsClassic && m.MemberId != join.MemberId).ToArray();
        var canFollow = join.ProtocolType == ConsumerGroup.Protocol && subscription is not null
            && join.Protocols.Any(p => others.All(m => m.Classic!.Protocols.Any(o => o.Name == p.Name)));
        return canFollow ? ErrorCode.None : ErrorCode.InconsistentGroupProtocol;
    }

    private ErrorCode Find(JoinEvent join, string memberId, ref ConsumerMember known)
    {
        if (join.InstanceId is null)
        {
            if (group.TryGet(memberId, out var member))
            {
                known = member;
            }

            return ErrorCode.None;
        }

        if (!group.TryGetStatic(join.InstanceId, out var existing))
        {
            return join.MemberId.Length == 0 ? ErrorCode.None : ErrorCode.UnknownMemberId;
        }

        if (join.MemberId.Length > 0)
        {
            known = existing;
            return join.MemberId == existing.MemberId ? ErrorCode.None : ErrorCode.FencedInstanceId;
        }

        var epoch = existing.Epoch == ConsumerMember.StaticLeaveEpoch ? ConsumerMember.JoinEpoch : existing.Epoch;
        known = new ConsumerMemberFinder(group, effects).Replace(existing, memberId, epoch);
        return ErrorCode.None;
    }

    private ErrorCode Find(MemberIdentity identity, out ConsumerMember member)
    {
        member = new ConsumerMember { MemberId = identity.MemberId };
        ConsumerMember? found;
        if (identity.InstanceId is { } instanceId)
        {
            if (!group.TryGetStatic(instanceId, out found))
            {
                return ErrorCode.UnknownMemberId;
            }

            if (found.MemberId != identity.MemberId)
            {
                return ErrorCode.FencedInstanceId;
            }
        }
        else if (!group.TryGet(identity.MemberId, out found))
        {
            return ErrorCode.UnknownMemberId;
        }

        if (!found.IsClassic)
        {
            return ErrorCode.UnknownMemberId;
        }

        member = found;
        return identity.Generation == found.Epoch ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }
}
