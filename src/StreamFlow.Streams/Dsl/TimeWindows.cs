namespace StreamFlow.Streams.Dsl;

/// <summary>
/// Windows of a fixed size, [start, end), aligned to the epoch: tumbling when they advance by their size, else hopping.
/// A window closes when stream time reaches its end plus the grace period.
/// </summary>
public sealed record TimeWindows
{
    private TimeWindows(long sizeMs, long advanceMs, long graceMs, long startMs = 0, bool isUnlimited = false)
    {
        SizeMs = sizeMs;
        AdvanceMs = advanceMs;
        GraceMs = graceMs;
        StartMs = startMs;
        IsUnlimited = isUnlimited;
    }

    internal long SizeMs { get; private init; }

    internal long AdvanceMs { get; private init; }

    internal long GraceMs { get; private init; }

    internal long StartMs { get; }

    internal bool IsUnlimited { get; }

    /// <summary>Tumbling windows; records behind a window's end are dropped once stream time has reached it.</summary>
    /// <param name="size">At least one ms.</param>
    public static TimeWindows OfSizeWithNoGrace(TimeSpan size) => OfSizeAndGrace(size, TimeSpan.Zero);

    /// <summary>Tumbling windows that take late records for a while.</summary>
    /// <param name="size">At least one ms.</param>
    /// <param name="grace">How long after its end, in stream time, a window still takes records; not negative.</param>
    public static TimeWindows OfSizeAndGrace(TimeSpan size, TimeSpan grace)
    {
        var sizeMs = Durations.Positive(size, "window size");
        return new(sizeMs, sizeMs, Durations.NotNegative(grace, "grace period"));
    }

    /// <summary>One window from a moment on that never ends; records before it belong to no window.</summary>
    /// <param name="start">Its first moment; not before the epoch.</param>
    public static TimeWindows UnlimitedFrom(DateTimeOffset start) =>
        new(
            long.MaxValue,
            long.MaxValue,
            0,
            Durations.NotNegative(start - DateTimeOffset.UnixEpoch, "start of the unlimited window"),
            true);

    /// <summary>These windows, a new one beginning at each multiple of the interval.</summary>
    /// <param name="advance">More than zero, at most the size.</param>
    public TimeWindows AdvanceBy(TimeSpan advance)
    {
        var advanceMs = Durations.Positive(advance, "advance");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(advanceMs, SizeMs, nameof(advance));
        return this with { AdvanceMs = advanceMs };
    }
}
