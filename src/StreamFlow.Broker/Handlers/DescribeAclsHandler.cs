using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lists the ACLs that a filter chooses, by resource.</summary>
internal sealed class DescribeAclsHandler(AclAdmin admin, AccessControl access) : RequestHandler<DescribeAclsRequest, DescribeAclsResponse>
{
    /// <summary>The answer of all ACL APIs without an authorizer; Kafka's text.</summary>
    public const string Disabled = "No Authorizer is configured.";

    protected override ValueTask<DescribeAclsResponse?> HandleAsync(RequestContext context, DescribeAclsRequest request)
    {
        if (!access.IsEnabled)
        {
            return new(new DescribeAclsResponse { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = Disabled });
        }

        var filter = new AclFilter(
            (AclResourceType)request.ResourceTypeFilter, request.ResourceNameFilter, (AclPatternType)request.PatternTypeFilter,
            request.PrincipalFilter, request.HostFilter, (AclOperation)request.Operation, (AclPermission)request.PermissionType);
        if (!IsKnown(filter))
        {
            return new(new DescribeAclsResponse
            {
                ErrorCode = ErrorCode.InvalidRequest,
                ErrorMessage = "The filter has elements that are not known.",
            });
        }

        var response = new DescribeAclsResponse();
        var byResource = admin.All.Where(filter.Matches).GroupBy(a => (a.ResourceType, a.ResourceName, a.PatternType));
        foreach (var resource in byResource.OrderBy(r => r.Key))
        {
            response.Resources.Add(new()
            {
                ResourceType = (sbyte)resource.Key.ResourceType,
                ResourceName = resource.Key.ResourceName,
                PatternType = (sbyte)resource.Key.PatternType,
                Acls =
                [
                    .. resource.Select(a => new DescribeAclsResponse.AclDescription
                    {
                        Principal = a.Principal,
                        Host = a.Host,
                        Operation = (sbyte)a.Operation,
                        PermissionType = (sbyte)a.Permission,
                    }),
                ],
            });
        }

        return new(response);
    }

    /// <summary>Whether every part of a filter has a meaning here.</summary>
    public static bool IsKnown(AclFilter filter) =>
        Enum.IsDefined(filter.ResourceType) && filter.ResourceType != AclResourceType.Unknown
        && Enum.IsDefined(filter.PatternType) && filter.PatternType != AclPatternType.Unknown
        && Enum.IsDefined(filter.Operation) && filter.Operation != AclOperation.Unknown
        && Enum.IsDefined(filter.Permission) && filter.Permission != AclPermission.Unknown;
}
