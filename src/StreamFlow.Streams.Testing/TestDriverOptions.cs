using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Testing;

/// <summary>How a <see cref="TopologyTestDriver"/> runs.</summary>
public sealed record TestDriverOptions
{
    /// <summary>Prefix of internal topics. Default: <c>app</c>.</summary>
    public string ApplicationId { get; init; } = "app";

    /// <summary>Where the wall clock stands at first. Default: the epoch.</summary>
    public DateTimeOffset InitialWallClock { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>How failed records are treated. Default: the first one fails the call that pipes it in.</summary>
    public ErrorHandling Errors { get; init; } = ErrorHandling.Default;

    /// <summary>Least wall-clock time between two looks for closed windows. Default: zero, look at every record.</summary>
    public TimeSpan EmitInterval { get; init; } = TimeSpan.Zero;
}
