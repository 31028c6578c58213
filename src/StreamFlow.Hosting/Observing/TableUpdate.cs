using StreamFlow.Core.Topics;

namespace StreamFlow.Hosting.Observing;

/// <summary>A row of a table became another one.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
/// <param name="Key">The row's key.</param>
/// <param name="Value">Its new value; default when the row was deleted.</param>
/// <param name="IsDeleted">Whether the row was deleted.</param>
/// <param name="Timestamp">Time of the update in ms since 1970.</param>
/// <param name="Partition">Where the update was read.</param>
/// <param name="Offset">Its offset there.</param>
public sealed record TableUpdate<TKey, TValue>(
    TKey Key, TValue? Value, bool IsDeleted, long Timestamp, TopicPartition Partition, long Offset);
