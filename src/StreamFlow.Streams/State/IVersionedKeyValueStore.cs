using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.State;

/// <summary>A store that keeps the versions of each key for a while and can be read as of a time.</summary>
/// <typeparam name="TKey">The key's type; null is not a key.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public interface IVersionedKeyValueStore<TKey, TValue> : IStateStore
{
    /// <summary>Inserts a version; null says that the key was deleted at that time.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="timestamp">From when it is valid, in ms.</param>
    /// <returns>False when the time is before the history the store keeps: nothing was put.</returns>
    bool Put(TKey key, TValue? value, long timestamp);

    /// <summary>The newest version.</summary>
    /// <returns>False when the key is unknown, or deleted.</returns>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out ValueAndTimestamp<TValue> version);

    /// <summary>The version that was valid at a time. Behind the history only the newest version is known.</summary>
    /// <param name="key">The key.</param>
    /// <param name="asOf">The time in ms.</param>
    /// <param name="version">The value and from when it is valid.</param>
    /// <returns>False when there was none, or it is no longer known.</returns>
    bool TryGetAsOf(TKey key, long asOf, [MaybeNullWhen(false)] out ValueAndTimestamp<TValue> version);
}
