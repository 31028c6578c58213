namespace StreamFlow.Client;

/// <summary>A committed offset: the offset of the next record to process, with a note.</summary>
/// <param name="Offset">Offset of the next record to process.</param>
/// <param name="Metadata">The committer's own text, at most 4096 bytes by the broker's default; empty for none.</param>
/// <param name="LeaderEpoch">Leader epoch of the last processed record, -1 when not known.</param>
public readonly record struct OffsetAndMetadata(long Offset, string Metadata = "", int LeaderEpoch = -1);
