using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Core.Security.AclOperation;
using static StreamFlow.Core.Security.AclResourceType;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>Who may take part in groups, see and change their offsets.</summary>
internal sealed class GroupGuards(AccessControl access)
{
    private const ErrorCode Refused = ErrorCode.GroupAuthorizationFailed;
    private const ErrorCode TopicRefused = ErrorCode.TopicAuthorizationFailed;

    public IEnumerable<Guard> All() =>
    [
        Member<JoinGroupRequest, JoinGroupResponse>(r => r.GroupId, new() { ErrorCode = Refused }),
        Member<SyncGroupRequest, SyncGroupResponse>(r => r.GroupId, new() { ErrorCode = Refused }),
        Member<HeartbeatRequest, HeartbeatResponse>(r => r.GroupId, new() { ErrorCode = Refused }),
        Member<LeaveGroupRequest, LeaveGroupResponse>(r => r.GroupId, new() { ErrorCode = Refused }),
        ConsumerGroupHeartbeat(), OffsetCommit(), OffsetFetch(), OffsetDelete(), ListGroups(), DescribeGroups(), ConsumerGroupDescribe(),
        StreamsGroupHeartbeat(), StreamsGroupDescribe(), DeleteGroups(),
    ];

    private bool May(RequestContext context, AclOperation operation, string group) => access.Allows(context, operation, Group, group);

    private bool MayTopic(RequestContext context, AclOperation operation, string? name, Guid id = default) =>
        access.TopicName(name, id) is not { } topic || access.Allows(context, operation, Topic, topic);

    private Guard<TRequest, TResponse> Member<TRequest, TResponse>(Func<TRequest, string> group, TResponse refusal)
        where TRequest : class, IRequest<TResponse>, new()
        where TResponse : class, IResponse =>
        new Guard<TRequest, TResponse>().Whole((c, r) => May(c, Read, group(r)) ? null : refusal);

    private Guard<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> ConsumerGroupHeartbeat() =>
        Member<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(r => r.GroupId, new() { ErrorCode = Refused })
            .Whole((c, r) => r.SubscribedTopicNames?.TrueForAll(t => MayTopic(c, Describe, t)) != false
                ? null
                : new() { ErrorCode = TopicRefused });

    private Guard<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse> StreamsGroupHeartbeat() =>
        Member<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse>(r => r.GroupId, new() { ErrorCode = Refused })
            .Whole((c, r) => r.Topology?.Subtopologies.TrueForAll(s => MaySeeTopicsOf(c, s)) != false
                ? null
                : new() { ErrorCode = TopicRefused });

    private bool MaySeeTopicsOf(RequestContext context, StreamsGroupHeartbeatRequest.Subtopology subtopology) =>
        subtopology.SourceTopics.Concat(subtopology.RepartitionSinkTopics)
            .Concat(subtopology.RepartitionSourceTopics.Concat(subtopology.StateChangelogTopics).Select(t => t.Name))
            .All(t => MayTopic(context, Describe, t));

    private Guard<OffsetCommitRequest, OffsetCommitResponse> OffsetCommit() => new Guard<OffsetCommitRequest, OffsetCommitResponse>()
        .Whole((c, r) => May(c, Read, r.GroupId) ? null : new() { Topics = r.Topics.ConvertAll(t => Answer(t, Refused)) })
        .Parts(
            r => r.Topics,
            (c, t) => MayTopic(c, Read, t.Name, t.TopicId),
            (response, t) => response.Topics.Add(Answer(t, TopicRefused)));

    private static OffsetCommitResponse.OffsetCommitResponseTopic Answer(
        OffsetCommitRequest.OffsetCommitRequestTopic topic, ErrorCode error) => new()
    {
        Name = topic.Name,
        TopicId = topic.TopicId,
        Partitions = topic.Partitions.ConvertAll(p => new OffsetCommitResponse.OffsetCommitResponsePartition
        {
            PartitionIndex = p.PartitionIndex,
            ErrorCode = error,
        }),
    };

    /// <summary>Topics that are named are refused; of "all topics" those that the client may not see are left out.</summary>
    private Guard<OffsetFetchRequest, OffsetFetchResponse> OffsetFetch() => new Guard<OffsetFetchRequest, OffsetFetchResponse>()
        .Whole((c, r) => c.ApiVersion >= 8 || May(c, Describe, r.GroupId) ? null : new OffsetFetchResponse
        {
            ErrorCode = Refused,
            Topics = (c.ApiVersion < 2 ? r.Topics : null)?.ConvertAll(t => Answer(t.Name, t.PartitionIndexes, Refused)) ?? [],
        })
        .Parts(
            r => r.Topics,
            (c, t) => c.ApiVersion >= 8 || MayTopic(c, Describe, t.Name),
            (response, t) => response.Topics.Add(Answer(t.Name, t.PartitionIndexes, TopicRefused)))
        .Parts(
            r => r.Groups,
            (c, g) => c.ApiVersion < 8 || May(c, Describe, g.GroupId),
            (response, g) => response.Groups.Add(new() { GroupId = g.GroupId, ErrorCode = Refused }))
        .After((c, r, response) =>
        {
            response.Topics.RemoveAll(t => r.Topics is null && !MayTopic(c, Describe, t.Name));
            foreach (var group in response.Groups)
            {
                var wantsAll = r.Groups.Exists(g => g.GroupId == group.GroupId && g.Topics is null);
                group.Topics.RemoveAll(t => wantsAll && !MayTopic(c, Describe, t.Name, t.TopicId));
                group.Topics.FindAll(t => !MayTopic(c, Describe, t.Name, t.TopicId)).ForEach(t => t.Partitions.ForEach(Hide));
            }
        });

    private static void Hide(OffsetFetchResponse.OffsetFetchResponsePartitions partition)
    {
        partition.ErrorCode = TopicRefused;
        partition.CommittedOffset = -1;
        partition.CommittedLeaderEpoch = -1;
        partition.Metadata = "";
    }

    private static OffsetFetchResponse.OffsetFetchResponseTopic Answer(string topic, List<int> partitions, ErrorCode error) => new()
    {
        Name = topic,
        Partitions = partitions.ConvertAll(p => new OffsetFetchResponse.OffsetFetchResponsePartition
        {
            PartitionIndex = p,
            CommittedOffset = -1,
            Metadata = "",
            ErrorCode = error,
        }),
    };

    private Guard<OffsetDeleteRequest, OffsetDeleteResponse> OffsetDelete() => new Guard<OffsetDeleteRequest, OffsetDeleteResponse>()
        .Whole((c, r) => May(c, Delete, r.GroupId) ? null : new() { ErrorCode = Refused })
        .Parts(
            r => r.Topics,
            (c, t) => MayTopic(c, Read, t.Name),
            (response, t) => response.Topics.Add(new()
            {
                Name = t.Name,
                Partitions = t.Partitions.ConvertAll(p => new OffsetDeleteResponse.OffsetDeleteResponsePartition
                {
                    PartitionIndex = p.PartitionIndex,
                    ErrorCode = TopicRefused,
                }),
            }));

    private Guard<ListGroupsRequest, ListGroupsResponse> ListGroups() => new Guard<ListGroupsRequest, ListGroupsResponse>()
        .After((c, _, response) =>
        {
            if (!access.AllowsCluster(c, Describe))
            {
                response.Groups.RemoveAll(g => !May(c, Describe, g.GroupId));
            }
        });

    private Guard<DescribeGroupsRequest, DescribeGroupsResponse> DescribeGroups() =>
        new Guard<DescribeGroupsRequest, DescribeGroupsResponse>()
            .Parts(
                r => r.Groups,
                (c, g) => May(c, Describe, g),
                (response, g) => response.Groups.Add(new() { GroupId = g, ErrorCode = Refused }));

    private Guard<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> ConsumerGroupDescribe() =>
        new Guard<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>()
            .Parts(
                r => r.GroupIds,
                (c, g) => May(c, Describe, g),
                (response, g) => response.Groups.Add(new() { GroupId = g, ErrorCode = Refused }))
            .After((c, _, response) =>
            {
                for (var i = 0; i < response.Groups.Count; i++)
                {
                    if (!response.Groups[i].Members.TrueForAll(m => MaySeeTopicsOf(c, m)))
                    {
                        response.Groups[i] = new()
                        {
                            GroupId = response.Groups[i].GroupId,
                            ErrorCode = TopicRefused,
                            ErrorMessage = "The group has described topic(s) that the client is not authorized to describe.",
                        };
                    }
                }
            });

    private bool MaySeeTopicsOf(RequestContext context, ConsumerGroupDescribeResponse.Member member) =>
        member.SubscribedTopicNames.TrueForAll(t => MayTopic(context, Describe, t))
        && member.Assignment.TopicPartitions.TrueForAll(t => MayTopic(context, Describe, t.TopicName))
        && member.TargetAssignment.TopicPartitions.TrueForAll(t => MayTopic(context, Describe, t.TopicName));

    private Guard<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse> StreamsGroupDescribe() =>
        new Guard<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse>()
            .Parts(
                r => r.GroupIds,
                (c, g) => May(c, Describe, g),
                (response, g) => response.Groups.Add(new() { GroupId = g, ErrorCode = Refused }))
            .After((c, _, response) =>
            {
                for (var i = 0; i < response.Groups.Count; i++)
                {
                    if (response.Groups[i].Topology?.Subtopologies?.TrueForAll(s => MaySeeTopicsOf(c, s)) == false)
                    {
                        response.Groups[i] = new()
                        {
                            GroupId = response.Groups[i].GroupId,
                            ErrorCode = TopicRefused,
                            ErrorMessage = "The group has described topic(s) that the client is not authorized to describe.",
                        };
                    }
                }
            });

    private bool MaySeeTopicsOf(RequestContext context, StreamsGroupDescribeResponse.Subtopology subtopology) =>
        subtopology.SourceTopics.Concat(subtopology.RepartitionSinkTopics)
            .Concat(subtopology.RepartitionSourceTopics.Concat(subtopology.StateChangelogTopics).Select(t => t.Name))
            .All(t => MayTopic(context, Describe, t));

    private Guard<DeleteGroupsRequest, DeleteGroupsResponse> DeleteGroups() => new Guard<DeleteGroupsRequest, DeleteGroupsResponse>()
        .Parts(
            r => r.GroupsNames,
            (c, g) => May(c, Delete, g),
            (response, g) => response.Results.Add(new() { GroupId = g, ErrorCode = Refused }));
}
