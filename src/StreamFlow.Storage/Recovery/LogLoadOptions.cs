namespace StreamFlow.Storage.Recovery;

/// <summary>What is known of a partition's directory before it is opened.</summary>
/// <param name="IsClean">
/// Whether the directory was closed in order; everything is trusted then, and batches are checked when first read.
/// </param>
/// <param name="RecoveryPoint">Offset below which everything was durable.</param>
/// <param name="LogStartOffset">Log start offset, 0 when it is that of the first segment.</param>
internal readonly record struct LogLoadOptions(bool IsClean, long RecoveryPoint, long LogStartOffset);
