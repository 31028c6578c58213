namespace StreamFlow.Storage;

/// <summary>Where a leader epoch ends in a log.</summary>
/// <param name="LeaderEpoch">The largest known epoch that is not above the one asked for, -1 when there is none.</param>
/// <param name="EndOffset">Start of the next epoch, or the log's end for the latest; -1 when the epoch is unknown.</param>
public readonly record struct EpochEndOffset(int LeaderEpoch, long EndOffset);
