using StreamFlow.Broker.Groups;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Deletes groups that have no members.</summary>
internal sealed class DeleteGroupsHandler(GroupCoordinator groups) : RequestHandler<DeleteGroupsRequest, DeleteGroupsResponse>
{
    protected override async ValueTask<DeleteGroupsResponse?> HandleAsync(RequestContext context, DeleteGroupsRequest request)
    {
        var response = new DeleteGroupsResponse();
        foreach (var groupId in request.GroupsNames)
        {
            var shard = await groups.ShardOfAsync(groupId).ConfigureAwait(false);
            response.Results.Add(new() { GroupId = groupId, ErrorCode = await shard.DeleteGroupAsync(groupId).ConfigureAwait(false) });
        }

        return response;
    }
}
