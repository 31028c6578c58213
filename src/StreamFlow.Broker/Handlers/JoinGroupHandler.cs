using StreamFlow.Broker.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>A member joins a classic group; answered when the rebalance is done.</summary>
internal sealed class JoinGroupHandler(GroupCoordinator groups, Func<Guid> newId) : RequestHandler<JoinGroupRequest, JoinGroupResponse>
{
    protected override async ValueTask<JoinGroupResponse?> HandleAsync(RequestContext context, JoinGroupRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return Respond(new JoinReply(0, ErrorCode.InvalidGroupId, request.MemberId), context.ApiVersion);
        }

        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var reply = await shard.JoinAsync(request.GroupId, EventOf(context, request)).ConfigureAwait(false);
        return Respond((JoinReply)reply, context.ApiVersion);
    }

    private JoinEvent EventOf(RequestContext context, JoinGroupRequest request) => new(
        0,
        request.MemberId,
        $"{request.GroupInstanceId ?? context.ClientId}-{newId()}",
        request.GroupInstanceId,
        context.ClientId,
        context.ClientHost,
        request.SessionTimeoutMs,
        request.RebalanceTimeoutMs < 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs,
        request.ProtocolType,
        [.. request.Protocols.Select(p => new GroupProtocol(p.Name, p.Metadata))],
        RequiresKnownId: context.ApiVersion >= 4,
        SupportsSkippingAssignment: context.ApiVersion >= 9);

    private static JoinGroupResponse Respond(JoinReply reply, short version)
    {
        var response = new JoinGroupResponse
        {
            ErrorCode = reply.Error,
            GenerationId = reply.Generation,
            ProtocolType = reply.ProtocolType,
            // Before version 7 the name could not be null.
            ProtocolName = reply.ProtocolName ?? (version < 7 ? "" : null),
            Leader = reply.Leader,
            SkipAssignment = reply.SkipAssignment,
            MemberId = reply.MemberId,
        };
        foreach (var member in reply.Members)
        {
            response.Members.Add(new() { MemberId = member.MemberId, GroupInstanceId = member.InstanceId, Metadata = member.Metadata });
        }

        return response;
    }
}
