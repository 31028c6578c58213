using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>
/// What every sign of life of a member of a share group does: takes over what the member says about itself, has the share coordinator
/// begin the states of partitions that are new, moves the group to its next epoch when something has changed, makes the target assignment
/// of that epoch, and takes the member to it.
/// </summary>
/// <param name="group">The group.</param>
/// <param name="image">The topics there are.</param>
/// <param name="states">The share coordinator.</param>
/// <param name="now">ms since 1970.</param>
/// <param name="effects">Takes the records.</param>
internal sealed class ShareGroupStep(ShareGroup group, MetadataImage image, ShareStates states, long now, GroupEffects effects)
{
    /// <summary>Does all of it.</summary>
    /// <param name="updated">The member with what it says now.</param>
    /// <returns>The member as it is now.</returns>
    public ShareMember Run(ShareMember updated)
    {
        var isChanged = !group.State.Members.TryGetValue(updated.MemberId, out var known) || !updated.DescribesSameAs(known);
        if (isChanged)
        {
            group.Write(ShareGroupRecords.Member(group.GroupId, updated), effects);
        }

        AdvanceEpoch(isChanged);
        if (group.State.TargetEpoch == 0 && group.Settings.AssignmentIntervalMs > 0)
        {
            // The first of a group has nothing at first: members that start together are to find something left.
            group.Write(ShareGroupRecords.TargetEpoch(group.GroupId, group.State.Epoch - 1, now), effects);
        }

        group.TryAssign(now, effects);
        return Reconcile(updated.MemberId);
    }

    private void AdvanceEpoch(bool isChanged)
    {
        if (!isChanged && ReferenceEquals(group.SeenTopics, image.Topics))
        {
            return;
        }

        var subscribed = group.State.SubscribedTopics;
        var topics = WithNewPartitions(subscribed, out var areAllBegun);
        var hash = TopicsHash.Of(subscribed, image.Topics);
        var hasTopics = !ReferenceEquals(topics, group.State.Topics);
        if (hasTopics)
        {
            group.Write(ShareGroupRecords.Topics(group.GroupId, topics), effects);
        }

        if (isChanged || hasTopics || hash != group.State.MetadataHash)
        {
            group.Write(ShareGroupRecords.Epoch(group.GroupId, group.State.Epoch + 1, hash), effects);
        }

        // What could not be begun is tried again at the next sign of life.
        group.SeenTopics = areAllBegun ? image.Topics : null;
    }

    /// <summary>The topics with a state, without those that are gone and with those that the share coordinator has begun now.</summary>
    private ImmutableDictionary<Guid, SharedTopic> WithNewPartitions(IReadOnlySet<string> subscribed, out bool areAllBegun)
    {
        var topics = group.State.Topics;
        topics = topics.RemoveRange(topics.Keys.Where(id => !image.TopicsById.ContainsKey(id)).ToArray());
        areAllBegun = true;
        foreach (var topic in subscribed.Select(name => image.Topics.GetValueOrDefault(name)).OfType<TopicImage>())
        {
            var known = topics.GetValueOrDefault(topic.Id)?.Partitions ?? [];
            var begun = known;
            foreach (var partition in Enumerable.Range(0, topic.PartitionCount).Where(p => !known.Contains(p)))
            {
                var key = new SharePartitionKey(group.GroupId, topic.Id, partition);
                if (states.Initialize(key, group.State.Epoch, startOffset: -1) == ErrorCode.None)
                {
                    begun = begun.Add(partition);
                }
                else
                {
                    areAllBegun = false;
                }
            }

            topics = ReferenceEquals(begun, known) ? topics : topics.SetItem(topic.Id, new SharedTopic(topic.Name, begun));
        }

        return topics;
    }

    private ShareMember Reconcile(string memberId)
    {
        var member = group.State.Members[memberId];
        if (member.Epoch != group.State.TargetEpoch)
        {
            member = member with
            {
                Epoch = group.State.TargetEpoch,
                PreviousEpoch = member.Epoch,
                Assigned = group.State.TargetOf(memberId),
            };
            group.Write(ShareGroupRecords.Current(group.GroupId, member), effects);
        }

        group.KeepAlive(memberId, now);
        return member;
    }
}
