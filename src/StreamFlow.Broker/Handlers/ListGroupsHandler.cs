using StreamFlow.Broker.Groups;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lists the groups.</summary>
internal sealed class ListGroupsHandler(GroupCoordinator groups) : RequestHandler<ListGroupsRequest, ListGroupsResponse>
{
    protected override async ValueTask<ListGroupsResponse?> HandleAsync(RequestContext context, ListGroupsRequest request)
    {
        var response = new ListGroupsResponse();
        foreach (var shard in await groups.ShardsAsync().ConfigureAwait(false))
        {
            shard.LookAtAll(entry =>
            {
                var group = entry.Group;
                if (Matches(request.TypesFilter, group.Kind) && Matches(request.StatesFilter, group.State))
                {
                    response.Groups.Add(new()
                    {
                        GroupId = group.GroupId,
                        ProtocolType = group.ProtocolType ?? "",
                        GroupState = group.State,
                        GroupType = group.Kind,
                    });
                }
            });
        }

        return response;
    }

    private static bool Matches(List<string> filter, string value) =>
        filter.Count == 0 || filter.Contains(value, StringComparer.OrdinalIgnoreCase);
}
