namespace StreamFlow.Streams.Dsl;

/// <summary>
/// How far apart in time two records may be to join: a right record at most <see cref="Before"/> earlier and
/// <see cref="After"/> later than the left one, both inclusive.
/// </summary>
public sealed record JoinWindows
{
    private JoinWindows(long beforeMs, long afterMs, long graceMs)
    {
        BeforeMs = beforeMs;
        AfterMs = afterMs;
        GraceMs = graceMs;
    }

    internal long BeforeMs { get; private init; }

    internal long AfterMs { get; private init; }

    internal long GraceMs { get; private init; }

    internal bool EmitsUnmatchedAtOnce { get; private init; }

    /// <summary>
    /// Records at most this far apart, either way; unmatched ones are settled as soon as stream time has passed the window.
    /// </summary>
    /// <param name="difference">Not negative.</param>
    public static JoinWindows OfTimeDifferenceWithNoGrace(TimeSpan difference) => OfTimeDifferenceAndGrace(difference, TimeSpan.Zero);

    /// <summary>Records at most this far apart, either way, with time for late ones.</summary>
    /// <param name="difference">Not negative.</param>
    /// <param name="grace">How long after its end, in stream time, a window still takes records; not negative.</param>
    public static JoinWindows OfTimeDifferenceAndGrace(TimeSpan difference, TimeSpan grace)
    {
        var ms = Durations.NotNegative(difference, "time difference");
        return new(ms, ms, Durations.NotNegative(grace, "grace period"));
    }

    /// <summary>These windows with another bound for earlier right records; negative to demand that they are later.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window would end before it starts.</exception>
    public JoinWindows Before(TimeSpan difference) => (this with { BeforeMs = Milliseconds(difference) }).Checked();

    /// <summary>These windows with another bound for later right records; negative to demand that they are earlier.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window would end before it starts.</exception>
    public JoinWindows After(TimeSpan difference) => (this with { AfterMs = Milliseconds(difference) }).Checked();

    /// <summary>
    /// These windows for left and outer joins that emit a record without a partner when it arrives instead of when its window has
    /// closed. A partner that comes later joins it all the same: a second result, not a correction. The way of Kafka Streams
    /// before 3.1 and of ksqlDB without GRACE PERIOD.
    /// </summary>
    public JoinWindows EmittingUnmatchedAtOnce() => this with { EmitsUnmatchedAtOnce = true };

    private static long Milliseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMillisecond;

    private JoinWindows Checked() => BeforeMs + AfterMs >= 0
        ? this
        : throw new ArgumentOutOfRangeException(
            nameof(After), $"a join window from {BeforeMs} ms before to {AfterMs} ms after ends before it starts");
}
