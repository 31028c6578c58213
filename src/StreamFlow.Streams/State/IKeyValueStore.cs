using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.State;

/// <summary>A key-value store of a processor. Every change reaches the changelog at the next commit.</summary>
/// <typeparam name="TKey">The key's type; null is not a key.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public interface IKeyValueStore<TKey, TValue> : IReadOnlyKeyValueStore<TKey, TValue>
{
    /// <summary>Inserts or replaces; null deletes.</summary>
    void Put(TKey key, TValue? value);

    /// <summary>Inserts unless the key is there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="existing">The value that is there already.</param>
    /// <returns>True when the value was put.</returns>
    bool TryAdd(TKey key, TValue value, [MaybeNullWhen(true)] out TValue existing);

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="removed">The value it had.</param>
    /// <returns>False when the key was absent.</returns>
    bool Remove(TKey key, [MaybeNullWhen(false)] out TValue removed);
}
