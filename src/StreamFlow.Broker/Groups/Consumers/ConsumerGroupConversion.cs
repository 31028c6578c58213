using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>
/// Makes groups of one protocol into groups of the other while their members stay (KIP-848): the first member of the new kind takes a
/// classic group along, and when the last one of that kind has gone the group is a classic one again.
/// </summary>
internal static class ConsumerGroupConversion
{
    /// <summary>Fills a KIP-848 group with what a classic group is.</summary>
    /// <returns>Why that cannot be; null when it was done.</returns>
    public static GroupRefusal? Upgrade(ClassicGroup classic, ConsumerGroup group, MetadataImage image, GroupEffects effects)
    {
        if (classic.IsEmpty)
        {
            if (classic.ProtocolType is not null)
            {
                effects.Store(GroupRecords.NoGroup(classic.GroupId));
            }

            effects.Successor = group;
            return null;
        }

        if (Problem(classic, group.Settings) is { } problem)
        {
            return Refuse(classic, problem);
        }

        var members = new List<ConsumerMember>();
        foreach (var member in classic.Members)
        {
            if (Member(member, classic.Generation, image) is not { } upgraded)
            {
                return Refuse(classic, "the subscription or assignment of a member cannot be read");
            }

            members.Add(upgraded);
        }

        effects.Store(GroupRecords.NoGroup(classic.GroupId));
        group.Write(ConsumerGroupRecords.Epoch(group.GroupId, classic.Generation, 0), effects);
        group.Write(ConsumerGroupRecords.TargetEpoch(group.GroupId, classic.Generation, 0), effects);
        foreach (var member in members)
        {
            group.Write(ConsumerGroupRecords.Member(group.GroupId, member), effects);
            group.Write(ConsumerGroupRecords.Target(group.GroupId, member.MemberId, member.Assigned.Keys), effects);
            group.Write(ConsumerGroupRecords.Current(group.GroupId, member), effects);
        }

        effects.Successor = group;
        return null;
    }

    /// <summary>Whether only classic members are left, so that the group is to become a classic one.</summary>
    public static bool MustDowngrade(ConsumerGroup group) =>
        !group.IsEmpty && group.Settings.CanDowngrade && group.Members.All(m => m.IsClassic);

    /// <summary>The classic group that a group with only classic members becomes; they have to join it again.</summary>
    public static ClassicGroup Downgrade(ConsumerGroup group, GroupSettings settings, MetadataImage image, long now, GroupEffects effects)
    {
        foreach (var tombstone in group.Tombstones())
        {
            effects.Store(tombstone);
        }

        var members = group.Members.Select(m => new GroupMember(m.MemberId, m.InstanceId)
        {
            ClientId = m.ClientId,
            ClientHost = m.ClientHost,
            SessionTimeoutMs = m.Classic!.SessionTimeoutMs,
            RebalanceTimeoutMs = m.RebalanceTimeoutMs,
            Protocols = [.. m.Classic.Protocols],
            Assignment = ConsumerProtocolBytes.Assignment(m, m.Classic.Protocols, image),
        }).ToArray();
        var classic = new ClassicGroup(group.GroupId, settings);
        var strategy = members[0].Protocols.Select(p => p.Name).FirstOrDefault(name => members.All(m => m.Protocols.Any(p =>
            p.Name == name)));
        classic.Restore(group.TargetEpoch, ConsumerGroup.Protocol, strategy, members[0].MemberId, now, members, now);
        foreach (var member in members)
        {
            // These are no members of a broker before this one.
            member.KeepAlive(now);
        }

        effects.Store(GroupRecords.Group(classic));
        return classic;
    }

    private static string? Problem(ClassicGroup classic, ConsumerGroupSettings settings) => classic switch
    {
        _ when !settings.CanUpgrade => "online upgrade is disabled",
        { ProtocolType: not ConsumerGroup.Protocol } => "the group does not use the consumer embedded protocol",
        _ when classic.Members.Count > settings.MaxSize => "the group size exceeds the consumer group maximum size",
        _ => null,
    };

    private static GroupRefusal Refuse(ClassicGroup classic, string problem) => new(
        ErrorCode.GroupIdNotFound, $"Cannot upgrade classic group {classic.GroupId} to consumer group because {problem}.");

    private static ConsumerMember? Member(GroupMember member, int generation, MetadataImage image)
    {
        if (ConsumerProtocolBytes.Subscription(member.Protocols) is not { } subscription
            || ConsumerProtocolBytes.Assignment(member.Assignment) is not { } assignment)
        {
            return null;
        }

        return new ConsumerMember
        {
            MemberId = member.MemberId,
            InstanceId = member.InstanceId,
            RackId = subscription.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            Topics = subscription.Topics.ToImmutableSortedSet(StringComparer.Ordinal),
            Classic = new ClassicMembership(member.SessionTimeoutMs, [.. member.Protocols]),
            Epoch = generation,
            PreviousEpoch = generation,
            Assigned = ConsumerProtocolBytes.Partitions(assignment, image).ToImmutableDictionary(p => p, _ => generation),
        };
    }
}
