namespace StreamFlow.Streams.Dsl;

/// <summary>Checks durations given by users and turns them into ms.</summary>
internal static class Durations
{
    public static long Positive(TimeSpan duration, string what)
    {
        var ms = duration.Ticks / TimeSpan.TicksPerMillisecond;
        return ms > 0
            ? ms
            : throw new ArgumentOutOfRangeException(nameof(duration), duration, $"the {what} must be at least one millisecond");
    }

    public static long NotNegative(TimeSpan duration, string what)
    {
        var ms = duration.Ticks / TimeSpan.TicksPerMillisecond;
        return ms >= 0 ? ms : throw new ArgumentOutOfRangeException(nameof(duration), duration, $"the {what} must not be negative");
    }
}
