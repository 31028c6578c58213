namespace StreamFlow.Core.Security;

/// <summary>How an ACL's resource name is read (KIP-290). The numbers are Kafka's and may not change.</summary>
public enum AclPatternType
{
    /// <summary>A way that this version does not know.</summary>
    Unknown = 0,

    /// <summary>In filters: every way.</summary>
    Any = 1,

    /// <summary>In filters: every ACL that speaks of the resource of this name.</summary>
    Match = 2,

    /// <summary>The name itself; <c>*</c> is every name.</summary>
    Literal = 3,

    /// <summary>Every name that begins so.</summary>
    Prefixed = 4,
}
