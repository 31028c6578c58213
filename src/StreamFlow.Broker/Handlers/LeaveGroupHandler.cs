using StreamFlow.Broker.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Members leave, or an administrator removes static members.</summary>
internal sealed class LeaveGroupHandler(GroupCoordinator groups) : RequestHandler<LeaveGroupRequest, LeaveGroupResponse>
{
    protected override async ValueTask<LeaveGroupResponse?> HandleAsync(RequestContext context, LeaveGroupRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return new() { ErrorCode = ErrorCode.InvalidGroupId };
        }

        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        if (context.ApiVersion < 3)
        {
            return new() { ErrorCode = shard.Leave(request.GroupId, new MemberIdentity(request.MemberId, null, -1)) };
        }

        var response = new LeaveGroupResponse();
        foreach (var member in request.Members)
        {
            response.Members.Add(new()
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ErrorCode = shard.Leave(request.GroupId, new MemberIdentity(member.MemberId, member.GroupInstanceId, -1)),
            });
        }

        return response;
    }
}
