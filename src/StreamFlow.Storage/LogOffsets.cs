namespace StreamFlow.Storage;

/// <summary>The offsets of a log at one moment.</summary>
/// <param name="LastStable">read_committed readers see what is below.</param>
/// <param name="HighWatermark">Readers see what is below.</param>
/// <param name="LogStart">The first offset that can be read.</param>
/// <param name="LogEnd">The offset that the next record gets.</param>
internal readonly record struct LogOffsets(long LastStable, long HighWatermark, long LogStart, long LogEnd);
