using StreamFlow.Broker.Groups.Consumers.Assignors;
using StreamFlow.Broker.Metadata;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>Makes the target assignment of a group's epoch.</summary>
internal static class ConsumerAssignment
{
    /// <summary>Makes it, of the topics that the group has seen.</summary>
    public static void Make(ConsumerGroup group, long now, GroupEffects effects)
    {
        var topics = group.SubscribedTopics().Order(StringComparer.Ordinal).Select(TopicOf).OfType<TopicImage>()
            .Select(topic => new AssignedTopic(topic.Id, topic.PartitionCount)).ToArray();
        var members = group.Members.Select(member => new AssignedMember(
            member.MemberId,
            member.InstanceId,
            group.TopicsOf(member).Select(TopicOf).OfType<TopicImage>().Select(t => t.Id).ToHashSet(),
            group.TargetOf(member.MemberId))).ToArray();
        foreach (var (memberId, partitions) in GroupAssignors.Of(group.Assignor).Assign(topics, members))
        {
            var old = group.TargetOf(memberId);
            if (old.Count != partitions.Count || !old.SetEquals(partitions))
            {
                group.Write(ConsumerGroupRecords.Target(group.GroupId, memberId, partitions), effects);
            }
        }

        group.Write(ConsumerGroupRecords.TargetEpoch(group.GroupId, group.Epoch, now), effects);

        TopicImage? TopicOf(string name) => group.SeenTopics?.GetValueOrDefault(name);
    }
}
