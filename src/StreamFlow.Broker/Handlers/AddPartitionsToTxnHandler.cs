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
    /// <inheritdoc/>
    /// <remarks>Later versions are for brokers among themselves.</remarks>
    public override short? HighestVersion => 3;

    protected override async ValueTask<AddPartitionsToTxnResponse?> HandleAsync(RequestContext context, AddPartitionsToTxnRequest request)
    {
        var partitions = request.V3AndBelowTopics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p))).ToList();
        var unknown = partitions.Where(p => !Exists(p)).ToHashSet();
        var error = ErrorCode.OperationNotAttempted;
        if (unknown.Count == 0)
        {
            error = await transactions.AddPartitionsAsync(
                request.V3AndBelowTransactionalId,
                request.V3AndBelowProducerId,
                request.V3AndBelowProducerEpoch,
                partitions).ConfigureAwait(false);

            // PRODUCER_FENCED is known to clients from version 2 on.
            error = error == ErrorCode.ProducerFenced && context.ApiVersion < 2 ? ErrorCode.InvalidProducerEpoch : error;
        }

        var response = new AddPartitionsToTxnResponse();
        foreach (var topic in request.V3AndBelowTopics)
        {
            response.ResultsByTopicV3AndBelow.Add(new()
            {
                Name = topic.Name,
                ResultsByPartition =
                [
                    .. topic.Partitions.Select(p => new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult
                    {
                        PartitionIndex = p,
                        PartitionErrorCode = unknown.Contains(new(topic.Name, p)) ? ErrorCode.UnknownTopicOrPartition : error,
                    }),
                ],
            });
        }

        return response;
    }

    private bool Exists(TopicPartition partition) =>
        metadata.Image.Topics.TryGetValue(partition.Topic, out var topic)
        && partition.Partition >= 0 && partition.Partition < topic.PartitionCount;
}
