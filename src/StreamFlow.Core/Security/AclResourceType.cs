namespace StreamFlow.Core.Security;

/// <summary>The kinds of things that ACLs protect. The numbers are Kafka's and may not change.</summary>
public enum AclResourceType
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown = 0,

    /// <summary>In filters: every kind.</summary>
    Any = 1,

    /// <summary>A topic.</summary>
    Topic = 2,

    /// <summary>A consumer group.</summary>
    Group = 3,

    /// <summary>The cluster as a whole; its name is <see cref="AclBinding.ClusterName"/>.</summary>
    Cluster = 4,

    /// <summary>A transactional id.</summary>
    TransactionalId = 5,

    /// <summary>A delegation token.</summary>
    DelegationToken = 6,

    /// <summary>A user, as the owner of delegation tokens.</summary>
    User = 7,
}
