using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.State;

/// <summary>Reads of a key-value store. Ranges are in the order of the serialised keys (unsigned bytes).</summary>
/// <typeparam name="TKey">The key's type; null is not a key.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public interface IReadOnlyKeyValueStore<TKey, TValue> : IStateStore
{
    /// <summary>Looks up one key.</summary>
    /// <returns>False when the key is absent.</returns>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>All rows.</summary>
    /// <param name="descending">Whether to go from the last key to the first.</param>
    IEnumerable<KeyValuePair<TKey, TValue>> All(bool descending = false);

    /// <summary>
    /// The rows from one key to another, both inclusive; none when <paramref name="from"/> is behind <paramref name="to"/>.
    /// </summary>
    /// <param name="from">The first key.</param>
    /// <param name="to">The last key.</param>
    /// <param name="descending">Whether to go from the last key to the first.</param>
    IEnumerable<KeyValuePair<TKey, TValue>> Range(TKey from, TKey to, bool descending = false);

    /// <summary>The rows from a key on.</summary>
    /// <param name="from">The first key.</param>
    /// <param name="descending">Whether to go from the last key to the first.</param>
    IEnumerable<KeyValuePair<TKey, TValue>> From(TKey from, bool descending = false);

    /// <summary>The rows up to a key, which is included.</summary>
    /// <param name="to">The last key.</param>
    /// <param name="descending">Whether to go from the last key to the first.</param>
    IEnumerable<KeyValuePair<TKey, TValue>> UpTo(TKey to, bool descending = false);

    /// <summary>The rows whose serialised key starts with these bytes.</summary>
    /// <param name="prefix">The bytes; empty for all rows.</param>
    IEnumerable<KeyValuePair<TKey, TValue>> Prefix(ReadOnlyMemory<byte> prefix);
}
