namespace StreamFlow.Client.Consuming;

/// <summary>An offset found by time.</summary>
/// <param name="Offset">The offset.</param>
/// <param name="Timestamp">The record's timestamp (ms), -1 when the question was not about time.</param>
/// <param name="LeaderEpoch">Leader epoch of the record, -1 when not known.</param>
public readonly record struct OffsetAndTimestamp(long Offset, long Timestamp, int LeaderEpoch = -1);
