namespace StreamFlow.Broker.Sharing;

/// <summary>What a member says of a record it got. The numbers are the protocol's.</summary>
internal enum AcknowledgeType : sbyte
{
    /// <summary>There is no record at the offset.</summary>
    Gap = 0,

    /// <summary>It is done with.</summary>
    Accept = 1,

    /// <summary>Somebody may try again.</summary>
    Release = 2,

    /// <summary>Nobody can do anything with it.</summary>
    Reject = 3,

    /// <summary>The member needs more time for it (KIP-1222).</summary>
    Renew = 4,
}
