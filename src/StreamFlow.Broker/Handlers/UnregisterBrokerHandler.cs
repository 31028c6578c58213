using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Forgets a broker (KIP-1073). The only one there is stays registered as long as it runs.</summary>
internal sealed class UnregisterBrokerHandler(BrokerIdentity identity) : RequestHandler<UnregisterBrokerRequest, UnregisterBrokerResponse>
{
    protected override ValueTask<UnregisterBrokerResponse?> HandleAsync(RequestContext context, UnregisterBrokerRequest request) =>
        new(request.BrokerId == identity.NodeId
            ? new UnregisterBrokerResponse
            {
                ErrorCode = ErrorCode.InvalidRequest,
                ErrorMessage = $"Broker {request.BrokerId} is the only one of the cluster and cannot be forgotten.",
            }
            : new UnregisterBrokerResponse
            {
                ErrorCode = ErrorCode.BrokerIdNotRegistered,
                ErrorMessage = $"Broker {request.BrokerId} is not registered.",
            });
}
