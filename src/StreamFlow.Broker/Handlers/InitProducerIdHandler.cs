using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Gives a producer its id and epoch.</summary>
internal sealed class InitProducerIdHandler(TransactionCoordinator transactions)
    : RequestHandler<InitProducerIdRequest, InitProducerIdResponse>
{
    protected override async ValueTask<InitProducerIdResponse?> HandleAsync(RequestContext context, InitProducerIdRequest request)
    {
        var (error, producerId, epoch) = await transactions.InitProducerIdAsync(
            request.TransactionalId, request.TransactionTimeoutMs, request.ProducerId, request.ProducerEpoch).ConfigureAwait(false);
        return new()
        {
            // PRODUCER_FENCED is known to clients from version 4 on.
            ErrorCode = error == ErrorCode.ProducerFenced && context.ApiVersion < 4 ? ErrorCode.InvalidProducerEpoch : error,
            ProducerId = producerId,
            ProducerEpoch = epoch,
        };
    }
}
