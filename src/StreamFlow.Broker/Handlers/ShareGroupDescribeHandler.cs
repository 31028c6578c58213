using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using Described = StreamFlow.Protocol.Messages.ShareGroupDescribeResponse;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes share groups and their members.</summary>
internal sealed class ShareGroupDescribeHandler(GroupCoordinator groups, MetadataLog metadata)
    : RequestHandler<ShareGroupDescribeRequest, ShareGroupDescribeResponse>
{
    protected override async ValueTask<ShareGroupDescribeResponse?> HandleAsync(
        RequestContext context, ShareGroupDescribeRequest request) => new()
    {
        Groups = await GroupDescriptions.OfAsync(
            groups, request.GroupIds, Describe, id => new Described.DescribedGroup { GroupId = id, ErrorCode = ErrorCode.InvalidGroupId })
            .ConfigureAwait(false),
    };

    private Described.DescribedGroup Describe(string groupId, GroupEntry? entry)
    {
        if (entry?.Share is not { } group)
        {
            return new()
            {
                GroupId = groupId,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = entry is null ? $"Group {groupId} not found." : $"Group {groupId} is not a share group.",
            };
        }

        return new()
        {
            GroupId = groupId,
            GroupState = group.Phase,
            GroupEpoch = group.State.Epoch,
            AssignmentEpoch = group.State.TargetEpoch,
            AssignorName = SimpleAssignor.Name,
            Members = [.. group.State.Members.Values.Select(Describe)],
        };
    }

    private Described.Member Describe(ShareMember member)
    {
        var assignment = new Described.Assignment();
        foreach (var (topicId, numbers) in ConsumerGroupRecords.ByTopic(member.Assigned))
        {
            // A topic that is gone has no name to show.
            if (metadata.Image.TopicsById.TryGetValue(topicId, out var topic))
            {
                assignment.TopicPartitions.Add(new() { TopicId = topicId, TopicName = topic.Name, Partitions = numbers });
            }
        }

        return new()
        {
            MemberId = member.MemberId,
            RackId = member.RackId,
            MemberEpoch = member.Epoch,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.Topics],
            Assignment = assignment,
        };
    }
}
