using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Adds the log that keeps a group's offsets to a transaction.</summary>
internal sealed class AddOffsetsToTxnHandler(TransactionCoordinator transactions, GroupCoordinator groups)
    : RequestHandler<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>
{
    protected override async ValueTask<AddOffsetsToTxnResponse?> HandleAsync(RequestContext context, AddOffsetsToTxnRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return new() { ErrorCode = ErrorCode.InvalidGroupId };
        }

        await groups.ShardsAsync().ConfigureAwait(false);
        var error = await transactions.AddPartitionsAsync(
            request.TransactionalId, request.ProducerId, request.ProducerEpoch, [groups.LogOf(request.GroupId)]).ConfigureAwait(false);
        return new() { ErrorCode = error == ErrorCode.ProducerFenced && context.ApiVersion < 2 ? ErrorCode.InvalidProducerEpoch : error };
    }
}
