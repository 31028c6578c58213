using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>
/// What every sign of life of a member of a KIP-848 group does: takes over what the member says about itself, moves the group to its next
/// epoch when subscriptions or topics have changed, makes the target assignment of that epoch, and takes the member nearer to it.
/// </summary>
/// <param name="group">The group.</param>
/// <param name="image">The topics there are.</param>
/// <param name="maySee">Whether the client may know of a topic that its expression matches.</param>
/// <param name="now">ms since 1970.</param>
/// <param name="effects">Takes the records.</param>
internal sealed class ConsumerGroupStep(
    ConsumerGroup group, MetadataImage image, Func<string, bool> maySee, long now, GroupEffects effects)
{
    /// <summary>Does all of it.</summary>
    /// <param name="known">The member as it was; without topics when it is new.</param>
    /// <param name="updated">The member with what it says now.</param>
    /// <param name="owned">What it says it holds; null when it does not say.</param>
    /// <returns>The member as it is now.</returns>
    public ConsumerMember Run(ConsumerMember known, ConsumerMember updated, IReadOnlySet<TopicIdPartition>? owned)
    {
        var isNew = !group.TryGet(updated.MemberId, out _);
        if (isNew || !updated.DescribesSameAs(known))
        {
            group.Write(ConsumerGroupRecords.Member(group.GroupId, updated), effects);
            if ((known.TopicPattern ?? "") != (updated.TopicPattern ?? ""))
            {
                group.ForgetUnusedExpression(known.TopicPattern, effects);
            }
        }

        ResolveExpressions(updated);
        AdvanceEpoch(mustAdvance: group.TargetEpoch == 0 || !updated.SubscribesAs(known));
        if (group.Epoch > group.TargetEpoch
            && group.Pace.MayAssign(group.TargetTimestamp, group.Settings.AssignmentIntervalMs, now))
        {
            ConsumerAssignment.Make(group, now, effects);
        }

        return Reconcile(updated.MemberId, owned);
    }

    private void ResolveExpressions(ConsumerMember member)
    {
        var isChanged = !ReferenceEquals(group.SeenTopics, image.Topics);
        var isNew = member.TopicPattern is { Length: > 0 } own && !group.Matches.ContainsKey(own);
        if (!isChanged && !isNew)
        {
            return;
        }

        var expressions = group.Members.Select(m => m.TopicPattern).OfType<string>().Where(p => p.Length > 0)
            .Distinct(StringComparer.Ordinal);
        foreach (var text in expressions)
        {
            var matches = TopicExpression.TryParse(text, out var expression, out _)
                ? image.Topics.Keys.Where(t => expression.Matches(t) && !TopicImage.IsInternalName(t) && maySee(t))
                    .ToImmutableSortedSet(StringComparer.Ordinal)
                : [];
            if (!group.Matches.TryGetValue(text, out var old) || !old.SetEquals(matches))
            {
                group.Write(ConsumerGroupRecords.Expression(group.GroupId, text, matches, now), effects);
            }
        }
    }

    private void AdvanceEpoch(bool mustAdvance)
    {
        if (!mustAdvance && ReferenceEquals(group.SeenTopics, image.Topics))
        {
            return;
        }

        var hash = TopicsHash.Of(group.SubscribedTopics(), image.Topics);
        if (mustAdvance || hash != group.MetadataHash)
        {
            group.Write(ConsumerGroupRecords.Epoch(group.GroupId, group.Epoch + 1, hash), effects);
        }

        group.SeenTopics = image.Topics;
    }

    private ConsumerMember Reconcile(string memberId, IReadOnlySet<TopicIdPartition>? owned)
    {
        group.TryGet(memberId, out var member);
        var next = Reconciliation.Advance(member!, group.TargetEpoch, group.TargetOf(memberId), owned, group.IsHeld);
        var timers = group.TimersOf(memberId);
        if (!ReferenceEquals(next, member))
        {
            group.Write(ConsumerGroupRecords.Current(group.GroupId, next), effects);
            timers.Rebalance = next.State == ConsumerMemberState.UnrevokedPartitions ? now + next.RebalanceTimeoutMs : long.MaxValue;
        }

        group.KeepAlive(next, now);
        return next;
    }
}
