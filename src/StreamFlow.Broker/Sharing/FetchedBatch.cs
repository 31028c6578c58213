namespace StreamFlow.Broker.Sharing;

/// <summary>The offsets of a record batch that was read.</summary>
/// <param name="First">Its first offset.</param>
/// <param name="Last">Its last offset.</param>
/// <param name="IsHidden">Whether consumers do not see its records: a marker, or part of an aborted transaction.</param>
internal readonly record struct FetchedBatch(long First, long Last, bool IsHidden = false);
