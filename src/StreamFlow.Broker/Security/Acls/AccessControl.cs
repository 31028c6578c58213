using System.Collections.Frozen;
using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Acls;

/// <summary>
/// Says what a client may do, by super users and the ACLs of the metadata log. Without an authorizer, and within the process, everything
/// is allowed. Thread safe.
/// </summary>
internal sealed class AccessControl
{
    /// <summary>What can be asked about each kind of resource, as the bits of the "authorized operations" fields.</summary>
    private static readonly FrozenDictionary<AclResourceType, AclOperation[]> Supported = new Dictionary<AclResourceType, AclOperation[]>
    {
        [AclResourceType.Topic] =
        [
            AclOperation.Read, AclOperation.Write, AclOperation.Create, AclOperation.Delete, AclOperation.Alter, AclOperation.Describe,
            AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
        ],
        [AclResourceType.Group] =
        [
            AclOperation.Read, AclOperation.Delete, AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
        ],
        [AclResourceType.Cluster] =
        [
            AclOperation.Create, AclOperation.Alter, AclOperation.Describe, AclOperation.ClusterAction, AclOperation.DescribeConfigs,
            AclOperation.AlterConfigs, AclOperation.IdempotentWrite,
        ],
    }.ToFrozenDictionary();

    private readonly MetadataLog _metadata;
    private readonly FrozenSet<Principal> _superUsers;
    private readonly bool _allowIfNoAcl;
    private Cached _cached = new(ImmutableDictionary<Guid, AclBinding>.Empty, new AclIndex([]));

    /// <summary>Reads the authorizer's settings.</summary>
    /// <exception cref="ConfigurationException">The authorizer is not known, or a super user cannot be read.</exception>
    public AccessControl(BrokerOptions options, MetadataLog metadata)
    {
        _metadata = metadata;
        _allowIfNoAcl = options.AllowEveryoneIfNoAclFound;
        IsEnabled = options.AuthorizerName.Length > 0;
        if (IsEnabled && !options.AuthorizerName.EndsWith("StandardAuthorizer", StringComparison.Ordinal))
        {
            throw new ConfigurationException(
                $"authorizer.class.name: '{options.AuthorizerName}' is not known; write StandardAuthorizer, or leave it empty");
        }

        _superUsers = options.SuperUsers
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(u => Principal.TryParse(u)
                ?? throw new ConfigurationException($"super.users: '{u}' is no principal; write User:NAME, separated by semicolons"))
            .ToFrozenSet();
    }

    /// <summary>Whether there is an authorizer.</summary>
    public bool IsEnabled { get; }

    /// <summary>Whether the client may do something with a resource.</summary>
    public bool Allows(RequestContext context, AclOperation operation, AclResourceType type, string name)
    {
        var session = context.Session;
        return MayEverything(session) || IsAllowed(Index.Decide(session.Principal, session.Host, operation, type, name));
    }

    /// <summary>Whether the client may do something with the cluster.</summary>
    public bool AllowsCluster(RequestContext context, AclOperation operation) =>
        Allows(context, operation, AclResourceType.Cluster, AclBinding.ClusterName);

    /// <summary>Whether there can be a resource of the kind that the client may do something with.</summary>
    public bool AllowsOnAny(RequestContext context, AclOperation operation, AclResourceType type)
    {
        var session = context.Session;
        return MayEverything(session) || IsAllowed(Index.DecideAny(session.Principal, session.Host, operation, type));
    }

    /// <summary>Everything the client may do with a resource, one bit for each operation's number.</summary>
    public int AllowedOperations(RequestContext context, AclResourceType type, string name)
    {
        var bits = 0;
        foreach (var operation in Supported[type])
        {
            bits |= Allows(context, operation, type, name) ? 1 << (int)operation : 0;
        }

        return bits;
    }

    /// <summary>The name of a topic that a request names or gives by its id; null for an id that is not known.</summary>
    public string? TopicName(string? name, Guid id) =>
        id == Guid.Empty ? name : _metadata.Image.TopicsById.GetValueOrDefault(id)?.Name;

    /// <summary>Whether there is a topic.</summary>
    public bool TopicExists(string name) => _metadata.Image.Topics.ContainsKey(name);

    private AclIndex Index
    {
        get
        {
            var acls = _metadata.Image.Acls;
            var cached = Volatile.Read(ref _cached);
            if (!ReferenceEquals(cached.Acls, acls))
            {
                cached = new Cached(acls, new AclIndex(acls.Values));
                Volatile.Write(ref _cached, cached);
            }

            return cached.Index;
        }
    }

    private bool MayEverything(Session session) => !IsEnabled || session.IsInProcess || _superUsers.Contains(session.Principal);

    private bool IsAllowed(AclVerdict verdict) => verdict == AclVerdict.Allowed || (verdict == AclVerdict.NoAcl && _allowIfNoAcl);

    private sealed record Cached(ImmutableDictionary<Guid, AclBinding> Acls, AclIndex Index);
}
