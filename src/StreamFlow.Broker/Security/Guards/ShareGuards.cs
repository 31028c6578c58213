using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Core.Security.AclOperation;
using static StreamFlow.Core.Security.AclResourceType;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>
/// Who may take part in share groups, see and change where they are. Which topics a member may read is asked where it reads them: a session
/// goes on when a permission ends.
/// </summary>
internal sealed class ShareGuards(AccessControl access)
{
    private const ErrorCode Refused = ErrorCode.GroupAuthorizationFailed;
    private const ErrorCode TopicRefused = ErrorCode.TopicAuthorizationFailed;
    private const ErrorCode ClusterRefused = ErrorCode.ClusterAuthorizationFailed;

    // Where Kafka says it in words, too.
    private static readonly string Reason = ErrorCodes.Describe(Refused);
    private static readonly string TopicReason = ErrorCodes.Describe(TopicRefused);
    private static readonly string ClusterReason = ErrorCodes.Describe(ClusterRefused);

    public IEnumerable<Guard> All() =>
    [
        Heartbeat(), Describe(), DescribeOffsets(), AlterOffsets(), DeleteOffsets(),
        new Guard<ShareFetchRequest, ShareFetchResponse>()
            .Whole((c, r) => r.GroupId is null || May(c, Read, r.GroupId) ? null : new() { ErrorCode = Refused }),
        new Guard<ShareAcknowledgeRequest, ShareAcknowledgeResponse>()
            .Whole((c, r) => r.GroupId is null || May(c, Read, r.GroupId) ? null : new() { ErrorCode = Refused }),
        .. StateReads(), .. StateWrites(),
    ];

    /// <summary>What brokers ask each other.</summary>
    private IEnumerable<Guard> StateReads() =>
    [
        OfBrokers<ReadShareGroupStateRequest, ReadShareGroupStateResponse>(r => new()
        {
            Results = r.Topics.ConvertAll(t => new ReadShareGroupStateResponse.ReadStateResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p => new ReadShareGroupStateResponse.PartitionResult
                {
                    Partition = p.Partition,
                    ErrorCode = ClusterRefused,
                    ErrorMessage = ClusterReason,
                }),
            }),
        }),
        OfBrokers<ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse>(r => new()
        {
            Results = r.Topics.ConvertAll(t => new ReadShareGroupStateSummaryResponse.ReadStateSummaryResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p => new ReadShareGroupStateSummaryResponse.PartitionResult
                {
                    Partition = p.Partition,
                    ErrorCode = ClusterRefused,
                    ErrorMessage = ClusterReason,
                }),
            }),
        }),
    ];

    /// <summary>What brokers tell each other.</summary>
    private IEnumerable<Guard> StateWrites() =>
    [
        OfBrokers<InitializeShareGroupStateRequest, InitializeShareGroupStateResponse>(r => new()
        {
            Results = r.Topics.ConvertAll(t => new InitializeShareGroupStateResponse.InitializeStateResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p => new InitializeShareGroupStateResponse.PartitionResult
                {
                    Partition = p.Partition,
                    ErrorCode = ClusterRefused,
                    ErrorMessage = ClusterReason,
                }),
            }),
        }),
        OfBrokers<WriteShareGroupStateRequest, WriteShareGroupStateResponse>(r => new()
        {
            Results = r.Topics.ConvertAll(t => new WriteShareGroupStateResponse.WriteStateResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p => new WriteShareGroupStateResponse.PartitionResult
                {
                    Partition = p.Partition,
                    ErrorCode = ClusterRefused,
                    ErrorMessage = ClusterReason,
                }),
            }),
        }),
        OfBrokers<DeleteShareGroupStateRequest, DeleteShareGroupStateResponse>(r => new()
        {
            Results = r.Topics.ConvertAll(t => new DeleteShareGroupStateResponse.DeleteStateResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p => new DeleteShareGroupStateResponse.PartitionResult
                {
                    Partition = p.Partition,
                    ErrorCode = ClusterRefused,
                    ErrorMessage = ClusterReason,
                }),
            }),
        }),
    ];

    private bool May(RequestContext context, AclOperation operation, string group) => access.Allows(context, operation, Group, group);

    private bool MayTopic(RequestContext context, AclOperation operation, string topic) => access.Allows(context, operation, Topic, topic);

    private Guard<TRequest, TResponse> OfBrokers<TRequest, TResponse>(Func<TRequest, TResponse> refuse)
        where TRequest : class, IRequest<TResponse>, new()
        where TResponse : class, IResponse =>
        new Guard<TRequest, TResponse>().Whole((c, r) => access.AllowsCluster(c, ClusterAction) ? null : refuse(r));

    private Guard<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse> Heartbeat() =>
        new Guard<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse>()
            .Whole((c, r) => May(c, Read, r.GroupId) ? null : new() { ErrorCode = Refused })
            .Whole((c, r) => r.SubscribedTopicNames?.TrueForAll(t => MayTopic(c, AclOperation.Describe, t)) != false
                ? null
                : new() { ErrorCode = TopicRefused });

    private Guard<ShareGroupDescribeRequest, ShareGroupDescribeResponse> Describe() =>
        new Guard<ShareGroupDescribeRequest, ShareGroupDescribeResponse>()
            .Parts(
                r => r.GroupIds,
                (c, g) => May(c, AclOperation.Describe, g),
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

    private bool MaySeeTopicsOf(RequestContext context, ShareGroupDescribeResponse.Member member) =>
        member.SubscribedTopicNames.TrueForAll(t => MayTopic(context, AclOperation.Describe, t))
        && member.Assignment.TopicPartitions.TrueForAll(t => MayTopic(context, AclOperation.Describe, t.TopicName));

    /// <summary>Topics that are named are refused; of "all topics" those that the client may not see are left out.</summary>
    private Guard<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse> DescribeOffsets() =>
        new Guard<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse>()
            .Parts(
                r => r.Groups,
                (c, g) => May(c, AclOperation.Describe, g.GroupId),
                (response, g) => response.Groups.Add(new() { GroupId = g.GroupId, ErrorCode = Refused }))
            .After((c, r, response) =>
            {
                foreach (var group in response.Groups)
                {
                    var wantsAll = r.Groups.Exists(g => g.GroupId == group.GroupId && g.Topics is null);
                    group.Topics.RemoveAll(t => wantsAll && !MayTopic(c, AclOperation.Describe, t.TopicName));
                    group.Topics.FindAll(t => !MayTopic(c, AclOperation.Describe, t.TopicName)).ForEach(Hide);
                }
            });

    private static void Hide(DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic topic)
    {
        topic.TopicId = Guid.Empty;
        foreach (var partition in topic.Partitions)
        {
            (partition.ErrorCode, partition.ErrorMessage) = (TopicRefused, TopicReason);
            (partition.StartOffset, partition.LeaderEpoch, partition.Lag) = (-1, -1, -1);
        }
    }

    private Guard<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse> AlterOffsets() =>
        new Guard<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse>()
            .Whole((c, r) => May(c, Read, r.GroupId) ? null : new() { ErrorCode = Refused, ErrorMessage = Reason })
            .Parts(
                r => r.Topics,
                (c, t) => MayTopic(c, Read, t.TopicName),
                (response, t) => response.Responses.Add(new()
                {
                    TopicName = t.TopicName,
                    Partitions = t.Partitions.ConvertAll(p => new AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponsePartition
                    {
                        PartitionIndex = p.PartitionIndex,
                        ErrorCode = TopicRefused,
                        ErrorMessage = TopicReason,
                    }),
                }));

    private Guard<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse> DeleteOffsets() =>
        new Guard<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse>()
            .Whole((c, r) => May(c, Delete, r.GroupId) ? null : new() { ErrorCode = Refused, ErrorMessage = Reason })
            .Parts(
                r => r.Topics,
                (c, t) => MayTopic(c, Read, t.TopicName),
                (response, t) => response.Responses.Add(
                    new() { TopicName = t.TopicName, ErrorCode = TopicRefused, ErrorMessage = TopicReason }));
}
