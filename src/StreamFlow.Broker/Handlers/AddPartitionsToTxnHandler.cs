using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Adds partitions to a transaction. Either all of a request's partitions are added or none.</summary>
internal sealed class AddPartitionsToTxnHandler(TransactionCoordinator transactions, MetadataLog metadata)
    : RequestHandler<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>
{
    private const short FirstBatchedVersion = 4;
    private const short FirstVersionWithAbortable = 5;

    protected override async ValueTask<AddPartitionsToTxnResponse?> HandleAsync(RequestContext context, AddPartitionsToTxnRequest request)
    {
        if (context.ApiVersion >= FirstBatchedVersion)
        {
            return await HandleBatchAsync(context.ApiVersion, request).ConfigureAwait(false);
        }

        var (error, unknown) = await AddAsync(
            request.V3AndBelowTransactionalId, request.V3AndBelowProducerId, request.V3AndBelowProducerEpoch, request.V3AndBelowTopics,
            verifyOnly: false).ConfigureAwait(false);

        // PRODUCER_FENCED is known to clients from version 2 on.
        error = error == ErrorCode.ProducerFenced && context.ApiVersion < 2 ? ErrorCode.InvalidProducerEpoch : error;
        return new() { ResultsByTopicV3AndBelow = Answer(request.V3AndBelowTopics, error, unknown) };
    }

    /// <summary>What brokers among themselves send: many transactions at once, some only to be looked at.</summary>
    private async ValueTask<AddPartitionsToTxnResponse> HandleBatchAsync(short version, AddPartitionsToTxnRequest request)
    {
        var response = new AddPartitionsToTxnResponse();
        foreach (var transaction in request.Transactions)
        {
            var (error, unknown) = await AddAsync(
                transaction.TransactionalId, transaction.ProducerId, transaction.ProducerEpoch, transaction.Topics,
                transaction.VerifyOnly).ConfigureAwait(false);
            error = error == ErrorCode.InvalidTxnState && transaction.VerifyOnly && version >= FirstVersionWithAbortable
                ? ErrorCode.TransactionAbortable
                : error;
            response.ResultsByTransaction.Add(new()
            {
                TransactionalId = transaction.TransactionalId, TopicResults = Answer(transaction.Topics, error, unknown),
            });
        }

        return response;
    }

    private async ValueTask<(ErrorCode Error, HashSet<TopicPartition> Unknown)> AddAsync(
        string transactionalId,
        long producerId,
        short producerEpoch,
        List<AddPartitionsToTxnRequest.AddPartitionsToTxnTopic> topics,
        bool verifyOnly)
    {
        var partitions = topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p))).ToList();
        var unknown = partitions.Where(p => !Exists(p)).ToHashSet();
        if (unknown.Count > 0)
        {
            return (ErrorCode.OperationNotAttempted, unknown);
        }

        var error = verifyOnly
            ? partitions.Select(p => transactions.Verify(transactionalId, producerId, producerEpoch, p))
                .FirstOrDefault(e => e != ErrorCode.None)
            : await transactions.AddPartitionsAsync(transactionalId, producerId, producerEpoch, partitions).ConfigureAwait(false);
        return (error, unknown);
    }

    private static List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult> Answer(
        List<AddPartitionsToTxnRequest.AddPartitionsToTxnTopic> topics, ErrorCode error, HashSet<TopicPartition> unknown) =>
        topics.ConvertAll(topic => new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult
        {
            Name = topic.Name,
            ResultsByPartition = topic.Partitions.ConvertAll(p => new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult
            {
                PartitionIndex = p,
                PartitionErrorCode = unknown.Contains(new(topic.Name, p)) ? ErrorCode.UnknownTopicOrPartition : error,
            }),
        });

    private bool Exists(TopicPartition partition) =>
        metadata.Image.Topics.TryGetValue(partition.Topic, out var topic)
        && partition.Partition >= 0 && partition.Partition < topic.PartitionCount;
}
