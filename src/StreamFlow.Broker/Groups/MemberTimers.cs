namespace StreamFlow.Broker.Groups;

/// <summary>
/// What a member of a group of the newer kinds is waited for, in ms; <see cref="long.MaxValue"/> for nothing. Not in the log.
/// </summary>
internal sealed class MemberTimers
{
    /// <summary>When the session ends without a sign of life.</summary>
    public long Session { get; set; } = long.MaxValue;

    /// <summary>
    /// When a member has to have done what was asked of it: given up partitions or tasks or, of a classic member, joined again or synced.
    /// </summary>
    public long Rebalance { get; set; } = long.MaxValue;

    public long Next => Math.Min(Session, Rebalance);
}
