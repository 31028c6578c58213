namespace StreamFlow.Streams.State;

/// <summary>A key-value store that keeps a time with each value: what tables are kept in.</summary>
/// <typeparam name="TKey">The key's type; null is not a key.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public interface ITimestampedKeyValueStore<TKey, TValue> : IReadOnlyKeyValueStore<TKey, ValueAndTimestamp<TValue>>
{
    /// <summary>Inserts or replaces; a null value deletes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="timestamp">Its time in ms since 1970.</param>
    void Put(TKey key, TValue? value, long timestamp);

    /// <summary>Removes a key.</summary>
    /// <returns>False when the key was absent.</returns>
    bool Remove(TKey key);
}
