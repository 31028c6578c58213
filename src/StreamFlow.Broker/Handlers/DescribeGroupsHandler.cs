using StreamFlow.Broker.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes classic groups and their members.</summary>
internal sealed class DescribeGroupsHandler(GroupCoordinator groups) : RequestHandler<DescribeGroupsRequest, DescribeGroupsResponse>
{
    protected override async ValueTask<DescribeGroupsResponse?> HandleAsync(RequestContext context, DescribeGroupsRequest request)
    {
        var response = new DescribeGroupsResponse();
        foreach (var groupId in request.Groups)
        {
            var shard = await groups.ShardOfAsync(groupId).ConfigureAwait(false);
            response.Groups.Add(shard.Look(groupId, entry => Describe(groupId, entry, context.ApiVersion)));
        }

        return response;
    }

    private static DescribeGroupsResponse.DescribedGroup Describe(string groupId, GroupEntry? entry, short version)
    {
        if (entry?.Classic is not { } group)
        {
            var problem = entry is null ? $"Group {groupId} not found." : $"Group {groupId} is not a classic group.";
            return new()
            {
                GroupId = groupId,
                GroupState = nameof(GroupPhase.Dead),
                // Before version 6 an unknown group was described as dead, without an error.
                ErrorCode = version >= 6 ? ErrorCode.GroupIdNotFound : ErrorCode.None,
                ErrorMessage = version >= 6 ? problem : null,
            };
        }

        var isStable = group.Phase == GroupPhase.Stable;
        var described = new DescribeGroupsResponse.DescribedGroup
        {
            GroupId = groupId,
            GroupState = group.Phase.ToString(),
            ProtocolType = group.ProtocolType ?? "",
            ProtocolData = isStable ? group.ProtocolName ?? "" : "",
        };
        foreach (var member in group.Members)
        {
            described.Members.Add(new()
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                MemberMetadata = isStable ? member.MetadataFor(group.ProtocolName) : [],
                MemberAssignment = member.Assignment,
            });
        }

        return described;
    }
}
