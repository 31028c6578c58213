namespace StreamFlow.Client.Administration;

/// <summary>Where a share group is in a partition (KIP-932).</summary>
/// <param name="StartOffset">The first offset that is not done with; null when the group has not begun the partition.</param>
/// <param name="Lag">Records it has yet to do; null when that is not known, as with brokers before 4.2.</param>
public sealed record ShareGroupOffset(long? StartOffset, long? Lag);
