using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes transactional ids.</summary>
internal sealed class DescribeTransactionsHandler(TransactionCoordinator transactions)
    : RequestHandler<DescribeTransactionsRequest, DescribeTransactionsResponse>
{
    protected override ValueTask<DescribeTransactionsResponse?> HandleAsync(RequestContext context, DescribeTransactionsRequest request) =>
        new(
        new DescribeTransactionsResponse { TransactionStates = [.. request.TransactionalIds.Select(Describe)] });

    private DescribeTransactionsResponse.TransactionListing Describe(string transactionalId)
    {
        if (transactionalId.Length == 0 || transactions.Find(transactionalId) is not { } state)
        {
            return new()
            {
                TransactionalId = transactionalId,
                ErrorCode = transactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdNotFound,
            };
        }

        return new()
        {
            TransactionalId = transactionalId,
            TransactionState = state.Status.ToString(),
            TransactionTimeoutMs = state.TimeoutMs,
            TransactionStartTimeMs = state.StartTimestamp,
            ProducerId = state.ProducerId,
            ProducerEpoch = state.ProducerEpoch,
            Topics =
            [
                .. state.Partitions.GroupBy(p => p.Topic, StringComparer.Ordinal).Select(g => new DescribeTransactionsResponse.TopicData
                {
                    Topic = g.Key,
                    Partitions = [.. g.Select(p => p.Partition).Order()],
                }),
            ],
        };
    }
}
