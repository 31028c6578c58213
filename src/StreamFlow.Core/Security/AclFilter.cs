namespace StreamFlow.Core.Security;

/// <summary>Chooses ACLs. Null and Any leave a field open.</summary>
/// <param name="ResourceType">The kind of resource.</param>
/// <param name="ResourceName">Its name, or null.</param>
/// <param name="PatternType">How the ACL's name is read; Match chooses what speaks of a resource of the name.</param>
/// <param name="Principal">Who, or null.</param>
/// <param name="Host">From where, or null.</param>
/// <param name="Operation">What.</param>
/// <param name="Permission">Allowed or denied.</param>
public sealed record AclFilter(
    AclResourceType ResourceType = AclResourceType.Any,
    string? ResourceName = null,
    AclPatternType PatternType = AclPatternType.Any,
    string? Principal = null,
    string? Host = null,
    AclOperation Operation = AclOperation.Any,
    AclPermission Permission = AclPermission.Any)
{
    /// <summary>Whether an ACL is chosen.</summary>
    public bool Matches(AclBinding acl) =>
        (ResourceType == AclResourceType.Any || ResourceType == acl.ResourceType)
        && MatchesName(acl)
        && (Principal is null || Principal == acl.Principal)
        && (Host is null || Host == acl.Host)
        && (Operation == AclOperation.Any || Operation == acl.Operation)
        && (Permission == AclPermission.Any || Permission == acl.Permission);

    private bool MatchesName(AclBinding acl)
    {
        if (PatternType is not (AclPatternType.Any or AclPatternType.Match) && PatternType != acl.PatternType)
        {
            return false;
        }

        if (ResourceName is null)
        {
            return true;
        }

        if (PatternType != AclPatternType.Match)
        {
            return ResourceName == acl.ResourceName;
        }

        return acl.PatternType == AclPatternType.Prefixed
            ? ResourceName.StartsWith(acl.ResourceName, StringComparison.Ordinal)
            : acl.ResourceName == ResourceName || acl.ResourceName == AclBinding.Wildcard;
    }
}
