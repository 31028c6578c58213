using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>Finds the member of a KIP-848 group that speaks, lets new ones in, and keeps those out that were fenced.</summary>
internal sealed class ConsumerMemberFinder(ConsumerGroup group, GroupEffects effects)
{
    /// <summary>A member without an instance id.</summary>
    /// <param name="memberId">Its id.</param>
    /// <param name="epoch">The epoch it believes in; 0 joins.</param>
    /// <param name="owned">What it says it holds; null when it does not say.</param>
    /// <param name="member">The member; without topics when it is new.</param>
    public GroupRefusal? Dynamic(
        string memberId, int epoch, IReadOnlySet<TopicIdPartition>? owned, out ConsumerMember member)
    {
        if (group.TryGet(memberId, out var known))
        {
            member = known;
            return CheckEpoch(known, epoch, owned);
        }

        member = new ConsumerMember { MemberId = memberId };
        return epoch == ConsumerMember.JoinEpoch ? null : Unknown(memberId);
    }

    /// <summary>A member with an instance id; it may have come back under another member id.</summary>
    public GroupRefusal? Static(
        string memberId, string instanceId, int epoch, IReadOnlySet<TopicIdPartition>? owned, out ConsumerMember member)
    {
        if (epoch != ConsumerMember.JoinEpoch)
        {
            return KnownStatic(memberId, instanceId, out member) ?? CheckEpoch(member, epoch, owned);
        }

        if (!group.TryGetStatic(instanceId, out var known))
        {
            member = group.TryGet(memberId, out var dynamic) ? dynamic : new ConsumerMember { MemberId = memberId };
            return null;
        }

        member = known;
        if (known.Epoch != ConsumerMember.StaticLeaveEpoch && !known.IsClassic)
        {
            return new GroupRefusal(
                ErrorCode.UnreleasedInstanceId,
                $"Static member {memberId} with instance id {instanceId} cannot join the group because the instance id is owned by "
                + $"{known.MemberId} member.");
        }

        member = Replace(known, memberId, ConsumerMember.JoinEpoch);
        return null;
    }

    /// <summary>A member that exists.</summary>
    public GroupRefusal? Known(string memberId, out ConsumerMember member)
    {
        if (group.TryGet(memberId, out var known))
        {
            member = known;
            return null;
        }

        member = new ConsumerMember { MemberId = memberId };
        return Unknown(memberId);
    }

    /// <summary>A static member that exists under the member id it names.</summary>
    public GroupRefusal? KnownStatic(string memberId, string instanceId, out ConsumerMember member)
    {
        if (!group.TryGetStatic(instanceId, out var known))
        {
            member = new ConsumerMember { MemberId = memberId };
            return new GroupRefusal(ErrorCode.UnknownMemberId, $"Instance id {instanceId} is unknown.");
        }

        member = known;
        return known.MemberId == memberId ? null : new GroupRefusal(
            ErrorCode.FencedInstanceId, $"Static member {memberId} with instance id {instanceId} was fenced by member {known.MemberId}.");
    }

    /// <summary>Hands what a static member was and had to its next incarnation.</summary>
    public ConsumerMember Replace(ConsumerMember old, string memberId, int epoch)
    {
        var next = old with { MemberId = memberId, Epoch = epoch, PreviousEpoch = 0 };
        if (old.MemberId == memberId)
        {
            group.Write(ConsumerGroupRecords.Current(group.GroupId, next), effects);
            return next;
        }

        var target = group.TargetOf(old.MemberId);
        group.Write(ConsumerGroupRecords.NoCurrent(group.GroupId, old.MemberId), effects);
        group.Write(ConsumerGroupRecords.NoTarget(group.GroupId, old.MemberId), effects);
        group.Write(ConsumerGroupRecords.NoMember(group.GroupId, old.MemberId), effects);
        group.Write(ConsumerGroupRecords.Member(group.GroupId, next), effects);
        group.Write(ConsumerGroupRecords.Target(group.GroupId, memberId, target), effects);
        group.Write(ConsumerGroupRecords.Current(group.GroupId, next), effects);
        return next;
    }

    /// <summary>
    /// A member has to name its epoch. One that missed an answer still names the one before; that is seen by its holding nothing that it
    /// should not. With 0 a member that lost everything begins again.
    /// </summary>
    private static GroupRefusal? CheckEpoch(ConsumerMember member, int epoch, IReadOnlySet<TopicIdPartition>? owned)
    {
        var isRepeated = epoch == member.PreviousEpoch && owned?.All(member.Assigned.ContainsKey) == true;
        if (epoch == member.Epoch || epoch == ConsumerMember.JoinEpoch || (epoch < member.Epoch && isRepeated))
        {
            return null;
        }

        return new GroupRefusal(
            ErrorCode.FencedMemberEpoch,
            $"The consumer group member has a {(epoch > member.Epoch ? "greater" : "smaller")} member epoch ({epoch}) than the one "
                + $"known by "
            + $"the group coordinator ({member.Epoch}). The member must abandon all its partitions and rejoin.");
    }

    private GroupRefusal Unknown(string memberId) =>
        new(ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {group.GroupId}.");
}
