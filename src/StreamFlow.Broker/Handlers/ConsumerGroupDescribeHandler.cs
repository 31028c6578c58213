using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes groups of KIP-848 and their members.</summary>
internal sealed class ConsumerGroupDescribeHandler(GroupCoordinator groups, MetadataLog metadata)
    : RequestHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>
{
    protected override async ValueTask<ConsumerGroupDescribeResponse?> HandleAsync(
        RequestContext context, ConsumerGroupDescribeRequest request) => new()
    {
        Groups = await GroupDescriptions.OfAsync(
            groups, request.GroupIds, Describe,
            id => new ConsumerGroupDescribeResponse.DescribedGroup { GroupId = id, ErrorCode = ErrorCode.InvalidGroupId })
            .ConfigureAwait(false),
    };

    private ConsumerGroupDescribeResponse.DescribedGroup Describe(string groupId, GroupEntry? entry)
    {
        if (entry?.Consumer is not { } group)
        {
            return new()
            {
                GroupId = groupId,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = entry is null ? $"Group {groupId} not found." : $"Group {groupId} is not a consumer group.",
            };
        }

        return new()
        {
            GroupId = groupId,
            GroupState = group.State,
            GroupEpoch = group.Epoch,
            AssignmentEpoch = group.TargetEpoch,
            AssignorName = group.Assignor,
            Members = [.. group.Members.Select(m => Describe(m, group))],
        };
    }

    private ConsumerGroupDescribeResponse.Member Describe(ConsumerMember member, ConsumerGroup group) => new()
    {
        MemberId = member.MemberId,
        InstanceId = member.InstanceId,
        RackId = member.RackId,
        MemberEpoch = member.Epoch,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        SubscribedTopicNames = [.. member.Topics],
        SubscribedTopicRegex = member.TopicPattern ?? "",
        // What it has yet to give up is still its own.
        Assignment = Describe(member.Assigned.Keys.Concat(member.Revoking.Keys)),
        TargetAssignment = Describe(group.TargetOf(member.MemberId)),
        MemberType = member.IsClassic ? (sbyte)0 : (sbyte)1,
    };

    private ConsumerGroupDescribeResponse.Assignment Describe(IEnumerable<TopicIdPartition> partitions)
    {
        var described = new ConsumerGroupDescribeResponse.Assignment();
        foreach (var (topicId, numbers) in ConsumerGroupRecords.ByTopic(partitions))
        {
            // A topic that is gone has no name to show.
            if (metadata.Image.TopicsById.TryGetValue(topicId, out var topic))
            {
                described.TopicPartitions.Add(new() { TopicId = topicId, TopicName = topic.Name, Partitions = numbers });
            }
        }

        return described;
    }
}
