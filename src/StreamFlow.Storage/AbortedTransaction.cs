namespace StreamFlow.Storage;

/// <summary>An aborted transaction that a read_committed reader has to leave out.</summary>
/// <param name="ProducerId">The producer of the transaction.</param>
/// <param name="FirstOffset">Offset of its first record in this partition.</param>
/// <param name="LastOffset">Offset of its abort marker.</param>
/// <param name="LastStableOffset">The last stable offset at the time of the marker.</param>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);
