using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>A member of a KIP-848 group joins, stays or leaves.</summary>
internal sealed class ConsumerGroupHeartbeatHandler(GroupCoordinator groups, AccessControl access, Func<Guid> newId)
    : RequestHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>
{
    protected override async ValueTask<ConsumerGroupHeartbeatResponse?> HandleAsync(
        RequestContext context, ConsumerGroupHeartbeatRequest request)
    {
        if (ConsumerHeartbeat.Check(request, context.ApiVersion, groups.Settings.Consumer.Assignors) is { } refusal)
        {
            return ConsumerHeartbeat.Refuse(refusal);
        }

        if (request.MemberId.Length == 0)
        {
            // In version 0 the broker makes the id.
            request.MemberId = $"{newId()}";
        }

        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var heartbeat = new ConsumerHeartbeat(
            request, context.ClientId, context.ClientHost, t => access.Allows(context, AclOperation.Describe, AclResourceType.Topic, t));
        return await shard.HeartbeatAsync(request.GroupId, heartbeat).ConfigureAwait(false);
    }
}
