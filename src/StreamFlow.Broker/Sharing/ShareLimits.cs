namespace StreamFlow.Broker.Sharing;

/// <summary>What a share group allows its members; the settings of the group, or the broker's.</summary>
internal sealed record ShareLimits
{
    /// <summary>How long a member may keep a record (ms).</summary>
    public int LockDurationMs { get; init; } = 30_000;

    /// <summary>How often a record is handed out at most.</summary>
    public int DeliveryCountLimit { get; init; } = 5;

    /// <summary>The most records of a partition that are under way.</summary>
    public int MaxRecordLocks { get; init; } = 2000;

    /// <summary>Whether members may renew their locks.</summary>
    public bool AllowsRenewal { get; init; } = true;
}
