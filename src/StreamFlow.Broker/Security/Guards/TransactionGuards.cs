using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Core.Security.AclOperation;
using static StreamFlow.Core.Security.AclResourceType;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>Who may use producer ids and transactional ids.</summary>
internal sealed class TransactionGuards(AccessControl access)
{
    private const ErrorCode Refused = ErrorCode.TransactionalIdAuthorizationFailed;
    private const short FirstBatchedVersion = 4;

    public IEnumerable<Guard> All() =>
    [
        InitProducerId(), AddPartitionsToTxn(), AddOffsetsToTxn(), TxnOffsetCommit(), EndTxn(),
        WriteTxnMarkers(), ListTransactions(), DescribeTransactions(), FindCoordinator(),
    ];

    private bool May(RequestContext context, AclOperation operation, string id) => access.Allows(context, operation, TransactionalId, id);

    private bool MayTopic(RequestContext context, AclOperation operation, string topic) => access.Allows(context, operation, Topic, topic);

    /// <summary>A producer id without a transaction may be had by whoever may write to any topic at all (KIP-679).</summary>
    private Guard<InitProducerIdRequest, InitProducerIdResponse> InitProducerId() =>
        new Guard<InitProducerIdRequest, InitProducerIdResponse>()
            .Whole((c, r) => r.TransactionalId is { } id
                ? May(c, Write, id) ? null : new() { ErrorCode = Refused }
                : access.AllowsCluster(c, IdempotentWrite) || access.AllowsOnAny(c, Write, Topic)
                    ? null
                    : new() { ErrorCode = ErrorCode.ClusterAuthorizationFailed });

    /// <summary>All partitions or none: one topic that is refused leaves the others untried. Newer versions are for brokers.</summary>
    private Guard<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> AddPartitionsToTxn() =>
        new Guard<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>()
            .Whole((c, r) =>
            {
                if (c.ApiVersion >= FirstBatchedVersion)
                {
                    return access.AllowsCluster(c, ClusterAction) ? null : new() { ErrorCode = ErrorCode.ClusterAuthorizationFailed };
                }

                if (!May(c, Write, r.V3AndBelowTransactionalId))
                {
                    return Answer(r, _ => Refused);
                }

                return r.V3AndBelowTopics.TrueForAll(t => MayTopic(c, Write, t.Name))
                    ? null
                    : Answer(r, t => MayTopic(c, Write, t) ? ErrorCode.OperationNotAttempted : ErrorCode.TopicAuthorizationFailed);
            });

    private static AddPartitionsToTxnResponse Answer(AddPartitionsToTxnRequest request, Func<string, ErrorCode> errorOf) => new()
    {
        ResultsByTopicV3AndBelow = request.V3AndBelowTopics.ConvertAll(t => new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult
        {
            Name = t.Name,
            ResultsByPartition = t.Partitions.ConvertAll(p => new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult
            {
                PartitionIndex = p,
                PartitionErrorCode = errorOf(t.Name),
            }),
        }),
    };

    private Guard<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> AddOffsetsToTxn() =>
        new Guard<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>()
            .Whole((c, r) => May(c, Write, r.TransactionalId) ? null : new() { ErrorCode = Refused })
            .Whole((c, r) => access.Allows(c, Read, Group, r.GroupId)
                ? null
                : new() { ErrorCode = ErrorCode.GroupAuthorizationFailed });

    private Guard<TxnOffsetCommitRequest, TxnOffsetCommitResponse> TxnOffsetCommit() =>
        new Guard<TxnOffsetCommitRequest, TxnOffsetCommitResponse>()
            .Whole((c, r) => May(c, Write, r.TransactionalId) ? null : new() { Topics = r.Topics.ConvertAll(t => Answer(t, Refused)) })
            .Whole((c, r) => access.Allows(c, Read, Group, r.GroupId)
                ? null
                : new() { Topics = r.Topics.ConvertAll(t => Answer(t, ErrorCode.GroupAuthorizationFailed)) })
            .Parts(
                r => r.Topics,
                (c, t) => MayTopic(c, Read, t.Name),
                (response, t) => response.Topics.Add(Answer(t, ErrorCode.TopicAuthorizationFailed)));

    private static TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic Answer(
        TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic topic, ErrorCode error) => new()
    {
        Name = topic.Name,
        Partitions = topic.Partitions.ConvertAll(p => new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition
        {
            PartitionIndex = p.PartitionIndex,
            ErrorCode = error,
        }),
    };

    private Guard<EndTxnRequest, EndTxnResponse> EndTxn() => new Guard<EndTxnRequest, EndTxnResponse>()
        .Whole((c, r) => May(c, Write, r.TransactionalId) ? null : new() { ErrorCode = Refused });

    private Guard<WriteTxnMarkersRequest, WriteTxnMarkersResponse> WriteTxnMarkers() =>
        new Guard<WriteTxnMarkersRequest, WriteTxnMarkersResponse>()
            .Whole((c, r) => access.AllowsCluster(c, ClusterAction) || access.AllowsCluster(c, Alter) ? null : Refuse(r));

    private static WriteTxnMarkersResponse Refuse(WriteTxnMarkersRequest request) => new()
    {
        Markers = request.Markers.ConvertAll(m => new WriteTxnMarkersResponse.WritableTxnMarkerResult
        {
            ProducerId = m.ProducerId,
            Topics = m.Topics.ConvertAll(t => new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult
            {
                Name = t.Name,
                Partitions = t.PartitionIndexes.ConvertAll(p => new WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult
                {
                    PartitionIndex = p,
                    ErrorCode = ErrorCode.ClusterAuthorizationFailed,
                }),
            }),
        }),
    };

    private Guard<ListTransactionsRequest, ListTransactionsResponse> ListTransactions() =>
        new Guard<ListTransactionsRequest, ListTransactionsResponse>()
            .After((c, _, response) => response.TransactionStates.RemoveAll(t => !May(c, Describe, t.TransactionalId)));

    private Guard<DescribeTransactionsRequest, DescribeTransactionsResponse> DescribeTransactions() =>
        new Guard<DescribeTransactionsRequest, DescribeTransactionsResponse>()
            .Parts(
                r => r.TransactionalIds,
                (c, id) => May(c, Describe, id),
                (response, id) => response.TransactionStates.Add(new() { TransactionalId = id, ErrorCode = Refused }))
            .After((c, _, response) => response.TransactionStates.ForEach(
                s => s.Topics.RemoveAll(t => !MayTopic(c, Describe, t.Topic))));

    private Guard<FindCoordinatorRequest, FindCoordinatorResponse> FindCoordinator() =>
        new Guard<FindCoordinatorRequest, FindCoordinatorResponse>()
            .Whole((c, r) => c.ApiVersion >= FirstBatchedVersion || MayFind(c, r.KeyType, r.Key) is not { } error
                ? null
                : new() { ErrorCode = error, NodeId = -1, Host = "", Port = -1 })
            .After((c, r, response) =>
            {
                foreach (var found in response.Coordinators)
                {
                    if (MayFind(c, r.KeyType, found.Key) is { } error)
                    {
                        (found.ErrorCode, found.NodeId, found.Host, found.Port) = (error, -1, "", -1);
                    }
                }
            });

    /// <summary>The error of a key whose coordinator the client may not ask for, or null.</summary>
    private ErrorCode? MayFind(RequestContext context, sbyte keyType, string key) => keyType switch
    {
        0 => access.Allows(context, Describe, Group, key) ? null : ErrorCode.GroupAuthorizationFailed,
        1 => May(context, Describe, key) ? null : Refused,
        _ => access.AllowsCluster(context, ClusterAction) ? null : ErrorCode.ClusterAuthorizationFailed,
    };
}
