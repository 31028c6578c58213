using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Names the coordinator of groups, transactional ids and share partitions: this broker, once the internal topic exists.</summary>
internal sealed class FindCoordinatorHandler(
    GroupCoordinator groups, TransactionCoordinator transactions, ShareStates shareStates, BrokerIdentity identity)
    : RequestHandler<FindCoordinatorRequest, FindCoordinatorResponse>
{
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;
    private const sbyte ShareKey = 2;

    protected override async ValueTask<FindCoordinatorResponse?> HandleAsync(RequestContext context, FindCoordinatorRequest request)
    {
        var error = await EnsureAsync(request.KeyType).ConfigureAwait(false);
        var response = new FindCoordinatorResponse();
        var address = identity.AddressFor(context);
        if (context.ApiVersion >= 4)
        {
            foreach (var key in request.CoordinatorKeys)
            {
                var failed = request.KeyType == ShareKey && !SharePartitionKey.IsKey(key) ? ErrorCode.InvalidRequest : error;
                response.Coordinators.Add(failed == ErrorCode.None
                    ? new() { Key = key, NodeId = identity.NodeId, Host = address.Host, Port = address.Port }
                    : new() { Key = key, NodeId = -1, Port = -1, ErrorCode = failed, ErrorMessage = ErrorCodes.Describe(failed) });
            }
        }
        else
        {
            var isFound = error == ErrorCode.None;
            response.ErrorCode = error;
            response.ErrorMessage = isFound ? null : ErrorCodes.Describe(error);
            response.NodeId = isFound ? identity.NodeId : -1;
            response.Host = isFound ? address.Host : "";
            response.Port = isFound ? address.Port : -1;
        }

        return response;
    }

    private async ValueTask<ErrorCode> EnsureAsync(sbyte keyType)
    {
        try
        {
            switch (keyType)
            {
                case GroupKey:
                    await groups.ShardsAsync().ConfigureAwait(false);
                    return ErrorCode.None;
                case TransactionKey:
                    await transactions.EnsureTopicAsync().ConfigureAwait(false);
                    return ErrorCode.None;
                case ShareKey:
                    await shareStates.EnsureTopicAsync().ConfigureAwait(false);
                    return ErrorCode.None;
                default:
                    return ErrorCode.InvalidRequest;
            }
        }
        catch (BrokerException)
        {
            // The topic cannot be created now, as on a full disk; the client asks again.
            return ErrorCode.CoordinatorNotAvailable;
        }
    }
}
