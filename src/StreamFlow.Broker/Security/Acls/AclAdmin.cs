using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Security.Acls;

/// <summary>Adds and deletes ACLs in the metadata log.</summary>
internal sealed class AclAdmin(MetadataLog metadata, Func<Guid> newId)
{
    /// <summary>The ACLs there are.</summary>
    public IEnumerable<AclBinding> All => metadata.Image.Acls.Values;

    /// <summary>Adds ACLs; those that exist are left alone.</summary>
    public ValueTask<ErrorCode> CreateAsync(IReadOnlyList<AclBinding> acls) => metadata.ChangeAsync(image =>
    {
        var existing = image.Acls.Values.ToHashSet();
        return [.. acls.Where(existing.Add).Select(RecordOf)];
    });

    /// <summary>Deletes what each filter chooses.</summary>
    /// <returns>The error of the log, and the ACLs that each filter chose.</returns>
    public async ValueTask<(ErrorCode Error, IReadOnlyList<IReadOnlyList<AclBinding>> Deleted)> DeleteAsync(
        IReadOnlyList<AclFilter> filters)
    {
        List<IReadOnlyList<AclBinding>> deleted = [];
        var error = await metadata.ChangeAsync(image =>
        {
            deleted = [.. filters.Select(f => image.Acls.Values.Where(f.Matches).ToList())];
            var gone = deleted.SelectMany(d => d).ToHashSet();
            return [.. image.Acls.Where(a => gone.Contains(a.Value)).Select(a => new RemoveAccessControlEntryRecord { Id = a.Key })];
        }).ConfigureAwait(false);
        return (error, deleted);
    }

    /// <summary>What is wrong with a new ACL, or null. The texts are Kafka's.</summary>
    public static string? WhyInvalid(AclBinding acl)
    {
        if (acl.ResourceType is AclResourceType.Unknown or AclResourceType.Any || !Enum.IsDefined(acl.ResourceType))
        {
            return $"Invalid resourceType {acl.ResourceType}";
        }

        if (acl.PatternType is not (AclPatternType.Literal or AclPatternType.Prefixed))
        {
            return $"Invalid patternType {acl.PatternType}";
        }

        if (acl.Operation is AclOperation.Unknown or AclOperation.Any || !Enum.IsDefined(acl.Operation))
        {
            return $"Invalid operation {acl.Operation}";
        }

        if (acl.Permission is not (AclPermission.Allow or AclPermission.Deny))
        {
            return $"Invalid permissionType {acl.Permission}";
        }

        return acl.ResourceName.Length == 0 ? "Resource name should not be empty"
            : acl.ResourceType == AclResourceType.Cluster && acl.ResourceName != AclBinding.ClusterName
                ? $"The only valid name for the CLUSTER resource is {AclBinding.ClusterName}"
            : Principal.TryParse(acl.Principal) is null ? $"Could not parse principal from `{acl.Principal}`"
            : acl.Host.Length == 0 ? "Host should not be empty"
            : null;
    }

    private AccessControlEntryRecord RecordOf(AclBinding acl) => new()
    {
        Id = newId(),
        ResourceType = (sbyte)acl.ResourceType,
        ResourceName = acl.ResourceName,
        PatternType = (sbyte)acl.PatternType,
        Principal = acl.Principal,
        Host = acl.Host,
        Operation = (sbyte)acl.Operation,
        PermissionType = (sbyte)acl.Permission,
    };
}
