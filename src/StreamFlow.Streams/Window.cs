namespace StreamFlow.Streams;

/// <summary>
/// A stretch of event time in ms since 1970. Time windows end before <paramref name="End"/>; sliding windows and sessions
/// include it.
/// </summary>
/// <param name="Start">First moment.</param>
/// <param name="End">End; exclusive for time windows, inclusive for sliding windows and sessions.</param>
public readonly record struct Window(long Start, long End);
