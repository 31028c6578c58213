using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Adds a controller to the quorum (KIP-853): the quorum of one broker is itself, and takes no other.</summary>
internal sealed class AddRaftVoterHandler(BrokerIdentity identity) : RequestHandler<AddRaftVoterRequest, AddRaftVoterResponse>
{
    protected override ValueTask<AddRaftVoterResponse?> HandleAsync(RequestContext context, AddRaftVoterRequest request) =>
        new(request.ClusterId is { } cluster && cluster != identity.ClusterId
            ? new AddRaftVoterResponse
            {
                ErrorCode = ErrorCode.InconsistentClusterId,
                ErrorMessage = $"The cluster is {identity.ClusterId}, not {cluster}.",
            }
            : new AddRaftVoterResponse
            {
                ErrorCode = ErrorCode.UnsupportedVersion,
                ErrorMessage = "The quorum is this one broker and takes no other.",
            });
}
