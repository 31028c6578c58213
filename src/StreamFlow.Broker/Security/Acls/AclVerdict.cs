namespace StreamFlow.Broker.Security.Acls;

/// <summary>What the ACLs say.</summary>
internal enum AclVerdict
{
    /// <summary>No ACL speaks of the resource.</summary>
    NoAcl,

    /// <summary>ACLs speak of it, but none allows this.</summary>
    NotAllowed,

    /// <summary>One allows and none denies.</summary>
    Allowed,

    /// <summary>One denies.</summary>
    Denied,
}
