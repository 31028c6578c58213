using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Core.Security.AclOperation;
using static StreamFlow.Core.Security.AclResourceType;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>Who may produce to, read, see and change topics. The operations and error codes of each API are Kafka's.</summary>
internal sealed class TopicGuards(AccessControl access)
{
    private const ErrorCode Refused = ErrorCode.TopicAuthorizationFailed;

    public IEnumerable<Guard> All() =>
    [
        Produce(), ListOffsets(), OffsetForLeaderEpoch(), CreatePartitions(), DeleteRecords(), DescribeProducers(), CreateTopics(),
        DeleteTopics(),
    ];

    private bool May(RequestContext context, AclOperation operation, string topic) => access.Allows(context, operation, Topic, topic);

    private Guard<ProduceRequest, ProduceResponse> Produce() => new Guard<ProduceRequest, ProduceResponse>()
        .Whole((c, r) => r.TransactionalId is not { } id || access.Allows(c, Write, TransactionalId, id)
            ? null
            : new() { Responses = r.TopicData.ConvertAll(t => Answer(t, ErrorCode.TransactionalIdAuthorizationFailed)) })
        .Parts(
            r => r.TopicData,
            (c, t) => access.TopicName(t.Name, t.TopicId) is not { } name || May(c, Write, name),
            (response, t) => response.Responses.Add(Answer(t, Refused)));

    private static ProduceResponse.TopicProduceResponse Answer(ProduceRequest.TopicProduceData topic, ErrorCode error) => new()
    {
        Name = topic.Name,
        TopicId = topic.TopicId,
        PartitionResponses = topic.PartitionData.ConvertAll(p => new ProduceResponse.PartitionProduceResponse
        {
            Index = p.Index,
            ErrorCode = error,
            BaseOffset = -1,
        }),
    };

    private Guard<ListOffsetsRequest, ListOffsetsResponse> ListOffsets() => new Guard<ListOffsetsRequest, ListOffsetsResponse>()
        .Parts(
            r => r.Topics,
            (c, t) => May(c, Describe, t.Name),
            (response, t) => response.Topics.Add(new()
            {
                Name = t.Name,
                Partitions = t.Partitions.ConvertAll(p => new ListOffsetsResponse.ListOffsetsPartitionResponse
                {
                    PartitionIndex = p.PartitionIndex,
                    ErrorCode = Refused,
                }),
            }));

    private Guard<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> OffsetForLeaderEpoch() =>
        new Guard<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>()
            .Parts(
                r => r.Topics,
                (c, t) => May(c, Describe, t.Topic),
                (response, t) => response.Topics.Add(new()
                {
                    Topic = t.Topic,
                    Partitions = t.Partitions.ConvertAll(p => new OffsetForLeaderEpochResponse.EpochEndOffset
                    {
                        Partition = p.Partition,
                        ErrorCode = Refused,
                    }),
                }));

    private Guard<CreatePartitionsRequest, CreatePartitionsResponse> CreatePartitions() =>
        new Guard<CreatePartitionsRequest, CreatePartitionsResponse>()
            .Parts(
                r => r.Topics,
                (c, t) => May(c, Alter, t.Name),
                (response, t) => response.Results.Add(new() { Name = t.Name, ErrorCode = Refused }));

    private Guard<DeleteRecordsRequest, DeleteRecordsResponse> DeleteRecords() =>
        new Guard<DeleteRecordsRequest, DeleteRecordsResponse>()
            .Parts(
                r => r.Topics,
                (c, t) => May(c, Delete, t.Name),
                (response, t) => response.Topics.Add(new()
                {
                    Name = t.Name,
                    Partitions = t.Partitions.ConvertAll(p => new DeleteRecordsResponse.DeleteRecordsPartitionResult
                    {
                        PartitionIndex = p.PartitionIndex,
                        LowWatermark = -1,
                        ErrorCode = Refused,
                    }),
                }));

    private Guard<DescribeProducersRequest, DescribeProducersResponse> DescribeProducers() =>
        new Guard<DescribeProducersRequest, DescribeProducersResponse>()
            .Parts(
                r => r.Topics,
                (c, t) => May(c, Read, t.Name),
                (response, t) => response.Topics.Add(new()
                {
                    Name = t.Name,
                    Partitions = t.PartitionIndexes.ConvertAll(p => new DescribeProducersResponse.PartitionResponse
                    {
                        PartitionIndex = p,
                        ErrorCode = Refused,
                    }),
                }));

    /// <summary>Creating needs leave for the cluster or the topic; seeing the new topic's settings needs leave of its own.</summary>
    private Guard<CreateTopicsRequest, CreateTopicsResponse> CreateTopics() => new Guard<CreateTopicsRequest, CreateTopicsResponse>()
        .Parts(
            r => r.Topics,
            (c, t) => access.AllowsCluster(c, Create) || May(c, Create, t.Name),
            (response, t) => response.Topics.Add(new()
            {
                Name = t.Name,
                ErrorCode = Refused,
                ErrorMessage = "Authorization failed.",
                NumPartitions = -1,
                ReplicationFactor = -1,
            }))
        .After((c, _, response) =>
        {
            foreach (var topic in response.Topics.Where(t => t.ErrorCode == ErrorCode.None && !May(c, DescribeConfigs, t.Name)))
            {
                topic.TopicConfigErrorCode = Refused;
                topic.NumPartitions = -1;
                topic.ReplicationFactor = -1;
                topic.Configs = [];
            }
        });

    /// <summary>A topic that the client may not even see looks as if it did not exist, unless it knows the id.</summary>
    private Guard<DeleteTopicsRequest, DeleteTopicsResponse> DeleteTopics() => new Guard<DeleteTopicsRequest, DeleteTopicsResponse>()
        .Parts(
            r => r.TopicNames,
            (c, name) => May(c, Delete, name),
            (response, name) => response.Responses.Add(new() { Name = name, ErrorCode = Refused }))
        .Parts(
            r => r.Topics,
            (c, t) => access.TopicName(t.Name, t.TopicId) is not { } name || May(c, Delete, name),
            (response, t) => response.Responses.Add(new() { Name = t.Name, TopicId = t.TopicId, ErrorCode = Refused }))
        .After((c, _, response) =>
        {
            foreach (var hidden in response.Responses.Where(r => r.ErrorCode == Refused && r.Name is { } name && !May(c, Describe, name)))
            {
                hidden.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            }
        });
}
