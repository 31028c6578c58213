using StreamFlow.Broker.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>A member's sign of life.</summary>
internal sealed class HeartbeatHandler(GroupCoordinator groups) : RequestHandler<HeartbeatRequest, HeartbeatResponse>
{
    protected override async ValueTask<HeartbeatResponse?> HandleAsync(RequestContext context, HeartbeatRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return new() { ErrorCode = ErrorCode.InvalidGroupId };
        }

        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var identity = new MemberIdentity(request.MemberId, request.GroupInstanceId, request.GenerationId);
        return new() { ErrorCode = shard.Heartbeat(request.GroupId, identity) };
    }
}
