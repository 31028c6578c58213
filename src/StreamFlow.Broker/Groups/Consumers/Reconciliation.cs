using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>
/// Takes a member one step nearer to its target assignment (KIP-848): first it gives up what it shall not have, and says so; then it goes
/// to the target's epoch and gets what it shall have, as soon as nobody else holds it.
/// </summary>
internal static class Reconciliation
{
    /// <summary>The member after the step; the same object when there is nothing to do.</summary>
    /// <param name="member">The member.</param>
    /// <param name="targetEpoch">The epoch of the target assignment.</param>
    /// <param name="target">What the member shall have.</param>
    /// <param name="owned">What the member says it holds; null when it does not say.</param>
    /// <param name="isHeld">Whether any member holds a partition.</param>
    public static ConsumerMember Advance(
        ConsumerMember member,
        int targetEpoch,
        ImmutableHashSet<TopicIdPartition> target,
        IReadOnlySet<TopicIdPartition>? owned,
        Func<TopicIdPartition, bool> isHeld) => member.State switch
    {
        ConsumerMemberState.Stable when member.Epoch == targetEpoch => member,
        ConsumerMemberState.UnrevokedPartitions when StillOwns(member.Revoking.Keys, owned) => member,
        // What was to be revoked is free now, but for what the member itself is to get back.
        ConsumerMemberState.UnrevokedPartitions => Next(
            member, targetEpoch, target, owned, p => !member.Revoking.ContainsKey(p) && isHeld(p)),
        _ => Next(member, targetEpoch, target, owned, isHeld),
    };

    private static ConsumerMember Next(
        ConsumerMember member,
        int targetEpoch,
        ImmutableHashSet<TopicIdPartition> target,
        IReadOnlySet<TopicIdPartition>? owned,
        Func<TopicIdPartition, bool> isHeld)
    {
        var kept = member.Assigned.RemoveRange(member.Assigned.Keys.Where(p => !target.Contains(p)));
        var revoking = member.Assigned.RemoveRange(kept.Keys);
        if (revoking.Count > 0 && StillOwns(revoking.Keys, owned))
        {
            return Result(member, member.Epoch, ConsumerMemberState.UnrevokedPartitions, kept, revoking);
        }

        var assigned = kept.ToBuilder();
        var mustWait = false;
        foreach (var partition in target)
        {
            if (assigned.ContainsKey(partition))
            {
                continue;
            }

            if (isHeld(partition))
            {
                mustWait = true;
            }
            else
            {
                assigned[partition] = targetEpoch;
            }
        }

        var state = mustWait ? ConsumerMemberState.UnreleasedPartitions : ConsumerMemberState.Stable;
        var none = ImmutableDictionary<TopicIdPartition, int>.Empty;
        return Result(member, targetEpoch, state, assigned.ToImmutable(), none);
    }

    private static ConsumerMember Result(
        ConsumerMember member,
        int epoch,
        ConsumerMemberState state,
        ImmutableDictionary<TopicIdPartition, int> assigned,
        ImmutableDictionary<TopicIdPartition, int> revoking)
    {
        var next = member with
        {
            State = state,
            Assigned = assigned,
            Revoking = revoking,
            Epoch = epoch,
            PreviousEpoch = epoch == member.Epoch ? member.PreviousEpoch : member.Epoch,
        };
        return next.HoldsSameAs(member) ? member : next;
    }

    /// <summary>A member that does not say what it holds may hold everything.</summary>
    private static bool StillOwns(IEnumerable<TopicIdPartition> partitions, IReadOnlySet<TopicIdPartition>? owned) =>
        owned is null || partitions.Any(owned.Contains);
}
