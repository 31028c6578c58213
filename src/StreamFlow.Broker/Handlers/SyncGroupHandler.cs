using StreamFlow.Broker.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>A member asks for its assignment; the leader brings everybody's.</summary>
internal sealed class SyncGroupHandler(GroupCoordinator groups) : RequestHandler<SyncGroupRequest, SyncGroupResponse>
{
    protected override async ValueTask<SyncGroupResponse?> HandleAsync(RequestContext context, SyncGroupRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return new() { ErrorCode = ErrorCode.InvalidGroupId };
        }

        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var assignment in request.Assignments)
        {
            assignments[assignment.MemberId] = assignment.Assignment;
        }

        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var identity = new MemberIdentity(request.MemberId, request.GroupInstanceId, request.GenerationId);
        var sync = new SyncEvent(0, identity, request.ProtocolType, request.ProtocolName, assignments);
        var reply = (SyncReply)await shard.SyncAsync(request.GroupId, sync).ConfigureAwait(false);
        return new()
        {
            ErrorCode = reply.Error,
            ProtocolType = reply.ProtocolType,
            ProtocolName = reply.ProtocolName,
            Assignment = reply.Error == ErrorCode.None ? reply.Assignment : [],
        };
    }
}
