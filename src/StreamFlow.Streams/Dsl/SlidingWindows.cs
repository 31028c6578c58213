namespace StreamFlow.Streams.Dsl;

/// <summary>
/// Windows of a fixed size that slide along the records: there is a window for every distinct set of records that are no
/// further apart than the difference. Both ends are inclusive.
/// </summary>
public sealed record SlidingWindows
{
    private SlidingWindows(long differenceMs, long graceMs)
    {
        DifferenceMs = differenceMs;
        GraceMs = graceMs;
    }

    internal long DifferenceMs { get; }

    internal long GraceMs { get; }

    /// <summary>Sliding windows without grace.</summary>
    /// <param name="difference">The greatest distance of two records in a window; at least one ms.</param>
    public static SlidingWindows OfTimeDifferenceWithNoGrace(TimeSpan difference) => OfTimeDifferenceAndGrace(difference, TimeSpan.Zero);

    /// <summary>Sliding windows that take late records for a while.</summary>
    /// <param name="difference">The greatest distance of two records in a window; at least one ms.</param>
    /// <param name="grace">How long after its end, in stream time, a window still takes records.</param>
    public static SlidingWindows OfTimeDifferenceAndGrace(TimeSpan difference, TimeSpan grace) =>
        new(Durations.Positive(difference, "time difference"), Durations.NotNegative(grace, "grace period"));
}
