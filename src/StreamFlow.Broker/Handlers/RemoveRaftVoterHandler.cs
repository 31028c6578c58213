using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Removes a controller from the quorum (KIP-853): the quorum of one broker is itself, and cannot lose it.</summary>
internal sealed class RemoveRaftVoterHandler(BrokerIdentity identity) : RequestHandler<RemoveRaftVoterRequest, RemoveRaftVoterResponse>
{
    protected override ValueTask<RemoveRaftVoterResponse?> HandleAsync(RequestContext context, RemoveRaftVoterRequest request) =>
        new(request.ClusterId is { } cluster && cluster != identity.ClusterId
            ? new RemoveRaftVoterResponse
            {
                ErrorCode = ErrorCode.InconsistentClusterId,
                ErrorMessage = $"The cluster is {identity.ClusterId}, not {cluster}.",
            }
            : new RemoveRaftVoterResponse
            {
                ErrorCode = ErrorCode.UnsupportedVersion,
                ErrorMessage = "The quorum is this one broker, which cannot be removed.",
            });
}
