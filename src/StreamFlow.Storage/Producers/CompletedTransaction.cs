namespace StreamFlow.Storage.Producers;

/// <summary>A transaction that a marker has ended.</summary>
internal readonly record struct CompletedTransaction(long ProducerId, long FirstOffset, long MarkerOffset, bool IsAborted);
