using System.Collections.Frozen;
using System.Collections.Immutable;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Acls;

/// <summary>
/// The ACLs at one time, found by resource, and the rules by which they decide, which are those of Kafka's StandardAuthorizer: one ACL
/// that denies goes before all that allow; allowing READ, WRITE, DELETE or ALTER allows DESCRIBE too, and ALTER_CONFIGS allows
/// DESCRIBE_CONFIGS, while denying implies nothing. Pure and immutable.
/// </summary>
internal sealed class AclIndex
{
    private readonly FrozenDictionary<(AclResourceType Type, string Name), ImmutableArray<AclBinding>> _literal;
    private readonly FrozenDictionary<(AclResourceType Type, string Name), ImmutableArray<AclBinding>> _prefixed;

    // Lengths of the prefixes there are, so that a name is not looked up at each of its beginnings.
    private readonly ImmutableArray<int> _prefixLengths;

    public AclIndex(IEnumerable<AclBinding> acls)
    {
        var byPattern = acls.ToLookup(a => a.PatternType);
        _literal = Group(byPattern[AclPatternType.Literal]);
        _prefixed = Group(byPattern[AclPatternType.Prefixed]);
        _prefixLengths = [.. _prefixed.Keys.Select(k => k.Name.Length).Distinct().Order()];
    }

    /// <summary>Decides about one resource.</summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="host">From which address.</param>
    /// <param name="operation">What for; neither Any nor All.</param>
    /// <param name="type">The kind of resource.</param>
    /// <param name="name">Its name.</param>
    public AclVerdict Decide(Principal principal, string host, AclOperation operation, AclResourceType type, string name)
    {
        var who = principal.ToString();
        var verdict = Look(_literal, (type, name), who, host, operation, AclVerdict.NoAcl);
        if (name != AclBinding.Wildcard)
        {
            verdict = Look(_literal, (type, AclBinding.Wildcard), who, host, operation, verdict);
        }

        foreach (var length in _prefixLengths)
        {
            if (length > name.Length)
            {
                break;
            }

            verdict = Look(_prefixed, (type, name[..length]), who, host, operation, verdict);
        }

        return verdict;
    }

    /// <summary>
    /// Decides whether there can be any resource of a kind that the client may use: some ACL allows it, and none denies all that this
    /// one allows (KIP-679).
    /// </summary>
    public AclVerdict DecideAny(Principal principal, string host, AclOperation operation, AclResourceType type)
    {
        var who = principal.ToString();
        var denied = All(type).Where(a => a.Permission == AclPermission.Deny && Fits(a, who, host) && Denies(a, operation)).ToList();
        if (denied.Any(d => d is { PatternType: AclPatternType.Literal, ResourceName: AclBinding.Wildcard }))
        {
            return AclVerdict.Denied;
        }

        var allowed = All(type).Where(a => a.Permission == AclPermission.Allow && Fits(a, who, host) && Allows(a, operation));
        return allowed.Any(a => !denied.Any(d => Covers(d, a))) ? AclVerdict.Allowed : AclVerdict.NoAcl;
    }

    /// <summary>Whether a denial leaves nothing of what an ACL allows.</summary>
    private static bool Covers(AclBinding denial, AclBinding allowed)
    {
        if (allowed is { PatternType: AclPatternType.Literal, ResourceName: AclBinding.Wildcard })
        {
            return false;
        }

        return denial.PatternType == AclPatternType.Prefixed
            ? allowed.ResourceName.StartsWith(denial.ResourceName, StringComparison.Ordinal)
            : allowed.PatternType == AclPatternType.Literal && allowed.ResourceName == denial.ResourceName;
    }

    private static AclVerdict Look(
        FrozenDictionary<(AclResourceType Type, string Name), ImmutableArray<AclBinding>> acls,
        (AclResourceType Type, string Name) resource,
        string who,
        string host,
        AclOperation operation,
        AclVerdict verdict)
    {
        if (verdict == AclVerdict.Denied || !acls.TryGetValue(resource, out var found))
        {
            return verdict;
        }

        verdict = verdict == AclVerdict.NoAcl ? AclVerdict.NotAllowed : verdict;
        foreach (var acl in found)
        {
            if (!Fits(acl, who, host))
            {
                continue;
            }

            if (acl.Permission == AclPermission.Deny && Denies(acl, operation))
            {
                return AclVerdict.Denied;
            }

            if (acl.Permission == AclPermission.Allow && Allows(acl, operation))
            {
                verdict = AclVerdict.Allowed;
            }
        }

        return verdict;
    }

    private static bool Fits(AclBinding acl, string who, string host) =>
        (acl.Principal == who || acl.Principal == AclBinding.Everybody) && (acl.Host == host || acl.Host == AclBinding.Wildcard);

    private static bool Denies(AclBinding acl, AclOperation operation) =>
        acl.Operation == AclOperation.All || acl.Operation == operation;

    private static bool Allows(AclBinding acl, AclOperation operation) => Denies(acl, operation) || operation switch
    {
        AclOperation.Describe => acl.Operation is AclOperation.Read or AclOperation.Write or AclOperation.Delete or AclOperation.Alter,
        AclOperation.DescribeConfigs => acl.Operation == AclOperation.AlterConfigs,
        _ => false,
    };

    private static FrozenDictionary<(AclResourceType Type, string Name), ImmutableArray<AclBinding>> Group(IEnumerable<AclBinding> acls) =>
        acls.GroupBy(a => (a.ResourceType, a.ResourceName)).ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray());

    private IEnumerable<AclBinding> All(AclResourceType type) =>
        _literal.Concat(_prefixed).Where(a => a.Key.Type == type).SelectMany(a => a.Value);
}
