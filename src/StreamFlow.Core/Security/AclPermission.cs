namespace StreamFlow.Core.Security;

/// <summary>Whether an ACL allows or denies. The numbers are Kafka's and may not change.</summary>
public enum AclPermission
{
    /// <summary>A permission that this version does not know.</summary>
    Unknown = 0,

    /// <summary>In filters: both.</summary>
    Any = 1,

    /// <summary>Denies; goes before every ACL that allows.</summary>
    Deny = 2,

    /// <summary>Allows.</summary>
    Allow = 3,
}
