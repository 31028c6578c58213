using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Runtime;

/// <summary>Where a record came from, kept for records that wait in a buffer.</summary>
/// <param name="Topic">The input topic; null for a punctuation.</param>
/// <param name="Partition">The input partition.</param>
/// <param name="Offset">The input offset.</param>
/// <param name="Headers">The input record's headers.</param>
internal readonly record struct RecordPosition(string? Topic, int Partition, long Offset, Headers Headers);
