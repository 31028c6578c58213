namespace StreamFlow.Streams.Dsl;

/// <summary>
/// Windows of activity: records of a key belong to one session as long as no two neighbours are further apart than the gap.
/// Both ends are inclusive.
/// </summary>
public sealed record SessionWindows
{
    private SessionWindows(long gapMs, long graceMs)
    {
        GapMs = gapMs;
        GraceMs = graceMs;
    }

    internal long GapMs { get; }

    internal long GraceMs { get; }

    /// <summary>Sessions without grace.</summary>
    /// <param name="gap">The inactivity that ends a session; at least one ms.</param>
    public static SessionWindows OfInactivityGapWithNoGrace(TimeSpan gap) => OfInactivityGapAndGrace(gap, TimeSpan.Zero);

    /// <summary>Sessions that take late records for a while.</summary>
    /// <param name="gap">The inactivity that ends a session; at least one ms.</param>
    /// <param name="grace">How long after its end and the gap, in stream time, a session still takes records.</param>
    public static SessionWindows OfInactivityGapAndGrace(TimeSpan gap, TimeSpan grace) =>
        new(Durations.Positive(gap, "inactivity gap"), Durations.NotNegative(grace, "grace period"));
}
