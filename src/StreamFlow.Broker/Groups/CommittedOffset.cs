namespace StreamFlow.Broker.Groups;

/// <summary>A position that a group has committed for a partition.</summary>
/// <param name="Offset">The next offset to read.</param>
/// <param name="LeaderEpoch">The epoch of the last record read, -1 when unknown.</param>
/// <param name="Metadata">What the client wants to remember with it.</param>
/// <param name="CommitTimestamp">When it was committed (ms since 1970).</param>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommitTimestamp);
