namespace StreamFlow.Core.Security;

/// <summary>What can be done with a resource. The numbers are Kafka's and may not change.</summary>
public enum AclOperation
{
    /// <summary>An operation that this version does not know.</summary>
    Unknown = 0,

    /// <summary>In filters: every operation.</summary>
    Any = 1,

    /// <summary>All of them.</summary>
    All = 2,

    /// <summary>Fetch from a topic, take part in a group. Allows <see cref="Describe"/> too.</summary>
    Read = 3,

    /// <summary>Produce to a topic, use a transactional id. Allows <see cref="Describe"/> too.</summary>
    Write = 4,

    /// <summary>Create topics.</summary>
    Create = 5,

    /// <summary>Delete topics, records, groups. Allows <see cref="Describe"/> too.</summary>
    Delete = 6,

    /// <summary>Change partitions, ACLs, users. Allows <see cref="Describe"/> too.</summary>
    Alter = 7,

    /// <summary>See that it is there, and what it is like.</summary>
    Describe = 8,

    /// <summary>What brokers do among themselves.</summary>
    ClusterAction = 9,

    /// <summary>See settings.</summary>
    DescribeConfigs = 10,

    /// <summary>Change settings. Allows <see cref="DescribeConfigs"/> too.</summary>
    AlterConfigs = 11,

    /// <summary>Produce with a producer id.</summary>
    IdempotentWrite = 12,

    /// <summary>Create delegation tokens for a user.</summary>
    CreateTokens = 13,

    /// <summary>See delegation tokens of a user.</summary>
    DescribeTokens = 14,

    /// <summary>Take part in transactions that another system decides.</summary>
    TwoPhaseCommit = 15,
}
