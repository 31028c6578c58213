using StreamFlow.Broker.Groups;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lists the groups.</summary>
internal sealed class ListGroupsHandler(GroupCoordinator groups) : RequestHandler<ListGroupsRequest, ListGroupsResponse>
{
    private const string ClassicType = "classic";

    protected override async ValueTask<ListGroupsResponse?> HandleAsync(RequestContext context, ListGroupsRequest request)
    {
        var response = new ListGroupsResponse();
        if (request.TypesFilter.Count > 0 && !request.TypesFilter.Contains(ClassicType, StringComparer.OrdinalIgnoreCase))
        {
            return response;
        }

        foreach (var shard in await groups.ShardsAsync().ConfigureAwait(false))
        {
            shard.LookAtAll(entry =>
            {
                var state = entry.Group.Phase.ToString();
                if (request.StatesFilter.Count == 0 || request.StatesFilter.Contains(state, StringComparer.OrdinalIgnoreCase))
                {
                    response.Groups.Add(new()
                    {
                        GroupId = entry.Group.GroupId,
                        ProtocolType = entry.Group.ProtocolType ?? "",
                        GroupState = state,
                        GroupType = ClassicType,
                    });
                }
            });
        }

        return response;
    }
}
