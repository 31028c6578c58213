using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>A record as an object of its own.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
/// <param name="Partition">Where it comes from.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Timestamp">ms since 1970.</param>
/// <param name="Key">The key; default when it is null on the wire.</param>
/// <param name="Value">The value; default when it is null on the wire.</param>
/// <param name="HasKey">False when the key is null on the wire.</param>
/// <param name="HasValue">False for a tombstone.</param>
/// <param name="Headers">The headers.</param>
public sealed record ConsumedRecord<TKey, TValue>(
    TopicPartition Partition, long Offset, long Timestamp, TKey? Key, TValue? Value, bool HasKey, bool HasValue, Headers Headers);
