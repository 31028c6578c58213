using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Commits or aborts a transaction. When it is answered the outcome is durable and readers see it.</summary>
internal sealed class EndTxnHandler(TransactionCoordinator transactions) : RequestHandler<EndTxnRequest, EndTxnResponse>
{
    /// <inheritdoc/>
    /// <remarks>Version 5 is for transactions of version 2, which are not served.</remarks>
    public override short? HighestVersion => 4;

    protected override async ValueTask<EndTxnResponse?> HandleAsync(RequestContext context, EndTxnRequest request)
    {
        var error = await transactions.EndAsync(
            request.TransactionalId, request.ProducerId, request.ProducerEpoch, request.Committed).ConfigureAwait(false);

        // PRODUCER_FENCED is known to clients from version 2 on.
        return new() { ErrorCode = error == ErrorCode.ProducerFenced && context.ApiVersion < 2 ? ErrorCode.InvalidProducerEpoch : error };
    }
}
