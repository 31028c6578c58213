using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Commits or aborts a transaction. When it is answered the outcome is durable and readers see it.</summary>
internal sealed class EndTxnHandler(TransactionCoordinator transactions) : RequestHandler<EndTxnRequest, EndTxnResponse>
{
    private const short FirstVersionWithNewEpoch = 5;

    protected override async ValueTask<EndTxnResponse?> HandleAsync(RequestContext context, EndTxnRequest request)
    {
        if (context.ApiVersion >= FirstVersionWithNewEpoch)
        {
            var (problem, producerId, epoch) = await transactions.EndWithNewEpochAsync(
                request.TransactionalId, request.ProducerId, request.ProducerEpoch, request.Committed).ConfigureAwait(false);
            return new() { ErrorCode = problem, ProducerId = producerId, ProducerEpoch = epoch };
        }

        var error = await transactions.EndAsync(
            request.TransactionalId, request.ProducerId, request.ProducerEpoch, request.Committed).ConfigureAwait(false);

        // PRODUCER_FENCED is known to clients from version 2 on.
        return new() { ErrorCode = error == ErrorCode.ProducerFenced && context.ApiVersion < 2 ? ErrorCode.InvalidProducerEpoch : error };
    }
}
