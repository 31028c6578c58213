namespace StreamFlow.Streams.Dsl;

/// <summary>
/// Which updates of a table are held back, and for how long. Time is the table's stream time: nothing comes out while nothing goes in.
/// </summary>
public sealed record Suppressed
{
    private Suppressed(long? limitMs, BufferLimits limits)
    {
        LimitMs = limitMs;
        Limits = limits;
    }

    /// <summary>How long a row waits, in ms; null until its window closes.</summary>
    internal long? LimitMs { get; }

    internal BufferLimits Limits { get; }

    /// <summary>The operator's name; null to generate one.</summary>
    public string? Name { get; init; }

    /// <summary>Emits each window once, when it has closed. Tombstones are not emitted.</summary>
    /// <param name="limits">Unbounded, or one that fails when full; null for unbounded.</param>
    /// <exception cref="ArgumentException">The limits would emit early, which final results must not.</exception>
    public static Suppressed UntilWindowCloses(BufferLimits? limits = null) =>
        limits is null or { FailsWhenFull: true }
            ? new(null, limits ?? BufferLimits.Unbounded)
            : throw new ArgumentException("final results cannot be emitted early; let the buffer fail when it is full", nameof(limits));

    /// <summary>
    /// Emits a row when this much time has passed since its first update that was held back; later updates do not prolong it.
    /// </summary>
    /// <param name="limit">How long.</param>
    /// <param name="limits">How much may be held back; null for unbounded.</param>
    public static Suppressed UntilTimeLimit(TimeSpan limit, BufferLimits? limits = null) =>
        new(Durations.NotNegative(limit, "time limit"), limits ?? BufferLimits.Unbounded);

    /// <summary>These settings and a name.</summary>
    public Suppressed WithName(string name) => this with { Name = name };
}
