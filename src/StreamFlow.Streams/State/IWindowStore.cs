using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.State;

/// <summary>A store of values by key and window start. Rows older than the retention are not seen.</summary>
/// <typeparam name="TKey">The key's type; null is not a key.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public interface IWindowStore<TKey, TValue> : IStateStore
{
    /// <summary>Inserts or replaces the row of a window; null deletes it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="windowStart">The window's start in ms.</param>
    void Put(TKey key, TValue? value, long windowStart);

    /// <summary>The row of one window.</summary>
    /// <returns>False when there is none.</returns>
    bool TryFetch(TKey key, long windowStart, [MaybeNullWhen(false)] out TValue value);

    /// <summary>The rows of a key whose windows start within a range, in order of their start.</summary>
    /// <param name="key">The key.</param>
    /// <param name="from">First start in ms, inclusive.</param>
    /// <param name="to">Last start in ms, inclusive.</param>
    /// <param name="descending">Whether to go from the last to the first.</param>
    IEnumerable<WindowRow<TKey, TValue>> Fetch(TKey key, long from, long to, bool descending = false);

    /// <summary>The rows of all keys whose windows start within a range, in order of the keys' bytes, then of their start.</summary>
    /// <param name="from">First start in ms, inclusive.</param>
    /// <param name="to">Last start in ms, inclusive.</param>
    IEnumerable<WindowRow<TKey, TValue>> FetchAll(long from, long to);

    /// <summary>All rows, in order of the keys' bytes, then of their start.</summary>
    IEnumerable<WindowRow<TKey, TValue>> All();
}
