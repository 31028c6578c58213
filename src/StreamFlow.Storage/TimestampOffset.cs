namespace StreamFlow.Storage;

/// <summary>The answer to a search by timestamp.</summary>
/// <param name="Offset">The record's offset.</param>
/// <param name="Timestamp">The record's timestamp (ms).</param>
/// <param name="LeaderEpoch">Leader epoch of the record's batch, -1 when it has none.</param>
public readonly record struct TimestampOffset(long Offset, long Timestamp, int LeaderEpoch);
