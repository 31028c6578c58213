using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Deletes the ACLs that filters choose.</summary>
internal sealed class DeleteAclsHandler(AclAdmin admin, AccessControl access) : RequestHandler<DeleteAclsRequest, DeleteAclsResponse>
{
    protected override async ValueTask<DeleteAclsResponse?> HandleAsync(RequestContext context, DeleteAclsRequest request)
    {
        var filters = request.Filters.ConvertAll(f => new AclFilter(
            (AclResourceType)f.ResourceTypeFilter, f.ResourceNameFilter, (AclPatternType)f.PatternTypeFilter,
            f.PrincipalFilter, f.HostFilter, (AclOperation)f.Operation, (AclPermission)f.PermissionType));
        if (!access.IsEnabled)
        {
            return Refuse(filters.Count, ErrorCode.SecurityDisabled, DescribeAclsHandler.Disabled);
        }

        if (!filters.TrueForAll(DescribeAclsHandler.IsKnown))
        {
            return Refuse(filters.Count, ErrorCode.InvalidRequest, "A filter has elements that are not known.");
        }

        var (error, deleted) = await admin.DeleteAsync(filters).ConfigureAwait(false);
        return error == ErrorCode.None
            ? new DeleteAclsResponse { FilterResults = [.. deleted.Select(ResultOf)] }
            : Refuse(filters.Count, error, null);
    }

    private static DeleteAclsResponse.DeleteAclsFilterResult ResultOf(IReadOnlyList<AclBinding> acls) => new()
    {
        MatchingAcls =
        [
            .. acls.Select(a => new DeleteAclsResponse.DeleteAclsMatchingAcl
            {
                ResourceType = (sbyte)a.ResourceType,
                ResourceName = a.ResourceName,
                PatternType = (sbyte)a.PatternType,
                Principal = a.Principal,
                Host = a.Host,
                Operation = (sbyte)a.Operation,
                PermissionType = (sbyte)a.Permission,
            }),
        ],
    };

    private static DeleteAclsResponse Refuse(int filters, ErrorCode error, string? message)
    {
        var response = new DeleteAclsResponse();
        for (var i = 0; i < filters; i++)
        {
            response.FilterResults.Add(new() { ErrorCode = error, ErrorMessage = message });
        }

        return response;
    }
}
