using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Adds ACLs. Those of a request that are valid are added, whatever is wrong with the others.</summary>
internal sealed class CreateAclsHandler(AclAdmin admin, AccessControl access) : RequestHandler<CreateAclsRequest, CreateAclsResponse>
{
    protected override async ValueTask<CreateAclsResponse?> HandleAsync(RequestContext context, CreateAclsRequest request)
    {
        var response = new CreateAclsResponse();
        var valid = new List<AclBinding>();
        foreach (var creation in request.Creations)
        {
            var acl = new AclBinding(
                (AclResourceType)creation.ResourceType, creation.ResourceName, (AclPatternType)creation.ResourcePatternType,
                creation.Principal, creation.Host, (AclOperation)creation.Operation, (AclPermission)creation.PermissionType);
            var result = new CreateAclsResponse.AclCreationResult();
            if (!access.IsEnabled)
            {
                result.ErrorCode = ErrorCode.SecurityDisabled;
                result.ErrorMessage = DescribeAclsHandler.Disabled;
            }
            else if (AclAdmin.WhyInvalid(acl) is { } problem)
            {
                result.ErrorCode = ErrorCode.InvalidRequest;
                result.ErrorMessage = problem;
            }
            else
            {
                valid.Add(acl);
            }

            response.Results.Add(result);
        }

        var error = await admin.CreateAsync(valid).ConfigureAwait(false);
        foreach (var result in response.Results.Where(r => r.ErrorCode == ErrorCode.None))
        {
            result.ErrorCode = error;
        }

        return response;
    }
}
