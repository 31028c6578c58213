using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.State;

/// <summary>A store of values by key and session. Rows whose end is older than the retention are not seen.</summary>
/// <typeparam name="TKey">The key's type; null is not a key.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public interface ISessionStore<TKey, TValue> : IStateStore
{
    /// <summary>Inserts or replaces a session; null removes it.</summary>
    void Put(Windowed<TKey> session, TValue? value);

    /// <summary>Removes a session.</summary>
    void Remove(Windowed<TKey> session);

    /// <summary>One session.</summary>
    /// <returns>False when there is none with exactly these ends.</returns>
    bool TryFetch(Windowed<TKey> session, [MaybeNullWhen(false)] out TValue value);

    /// <summary>The sessions of a key that touch a stretch of time, by end, then by start.</summary>
    /// <param name="key">The key.</param>
    /// <param name="earliestEnd">They end at this time (ms) or later.</param>
    /// <param name="latestStart">They start at this time (ms) or earlier.</param>
    IReadOnlyList<WindowRow<TKey, TValue>> FindSessions(TKey key, long earliestEnd, long latestStart);

    /// <summary>All sessions, in order of the keys' bytes, then of their end and start.</summary>
    IEnumerable<WindowRow<TKey, TValue>> All();
}
