using StreamFlow.Core.Memory;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Runtime;

/// <summary>What a task must know beside its topology.</summary>
public sealed record TaskOptions
{
    /// <summary>Prefix of internal topics and identity of the application's state.</summary>
    public required string ApplicationId { get; init; }

    /// <summary>How failed records are treated.</summary>
    public ErrorHandling Errors { get; init; } = ErrorHandling.Default;

    /// <summary>
    /// Least wall-clock time between two looks for closed windows or unmatched join records; zero looks at every record.
    /// Default one second, as in Kafka Streams.
    /// </summary>
    public TimeSpan EmitInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What the caches of stores draw on.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Process;

    /// <summary>Rows each store's cache may hold before it is written down and emptied.</summary>
    public int CachedRowsPerStore { get; init; } = 100_000;
}
