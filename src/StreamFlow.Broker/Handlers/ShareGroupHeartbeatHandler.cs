using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>A member of a share group joins, stays or leaves (KIP-932).</summary>
internal sealed class ShareGroupHeartbeatHandler(GroupCoordinator groups, ShareStates states)
    : RequestHandler<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse>
{
    protected override async ValueTask<ShareGroupHeartbeatResponse?> HandleAsync(
        RequestContext context, ShareGroupHeartbeatRequest request)
    {
        var heartbeat = new ShareHeartbeat(request, context.ClientId, context.ClientHost, states);
        if (ShareHeartbeat.Check(request) is { } refusal)
        {
            return heartbeat.Refuse(refusal);
        }

        await states.EnsureTopicAsync().ConfigureAwait(false);
        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        return await shard.HeartbeatAsync(request.GroupId, heartbeat).ConfigureAwait(false);
    }
}
