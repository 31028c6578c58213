namespace StreamFlow.Client.Administration;

/// <summary>Which offset of a partition is asked for (ListOffsets).</summary>
/// <param name="Timestamp">ms since 1970, or one of the protocol's negative numbers.</param>
public readonly record struct OffsetSpec(long Timestamp)
{
    /// <summary>The end: high watermark, with read_committed the last stable offset.</summary>
    public static OffsetSpec Latest => new(-1);

    /// <summary>The oldest record.</summary>
    public static OffsetSpec Earliest => new(-2);

    /// <summary>The record with the largest timestamp.</summary>
    public static OffsetSpec MaxTimestamp => new(-3);

    /// <summary>The first record with at least this timestamp (ms).</summary>
    public static OffsetSpec ForTimestamp(long timestamp) => new(timestamp);
}
