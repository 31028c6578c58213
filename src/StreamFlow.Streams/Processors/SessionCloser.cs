using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Finds the sessions that stream time has closed (end &lt; stream time - grace - gap), by end, then by start, then by the key's bytes,
/// each once. Open sessions are kept in memory in this order; after a restart they are read back from the store.
/// </summary>
internal sealed class SessionCloser<TKey, TAggregate>(SessionStore<TKey, TAggregate> store, TaskContext context)
{
    private const string NoteSuffix = ".closed";
    private readonly SortedSet<Open> _open = new(Comparer<Open>.Create(Compare));
    private readonly Queue<Windowed<TKey>> _closed = new();
    private readonly long _intervalMs = (long)context.Options.EmitInterval.TotalMilliseconds;
    private bool _isLoaded;
    private long _nextLook;
    private long _lastClose = long.MinValue;

    public void Track(Windowed<TKey> session)
    {
        Load();
        _open.Add(new(session, store.KeyBytes(session.Key)));
        store.KeepFrom = _open.Min.Session.Window.End;
    }

    public void Untrack(Windowed<TKey> session)
    {
        Load();
        _open.Remove(new(session, store.KeyBytes(session.Key)));
    }

    /// <summary>Looks for closed sessions, unless the last look was too short ago.</summary>
    /// <param name="closeTime">Sessions that end before this time (ms) are closed.</param>
    /// <returns>Whether <see cref="TryTake"/> may find any.</returns>
    public bool TryAdvance(long closeTime)
    {
        Load();
        if (_intervalMs > 0)
        {
            var now = context.WallClock;
            if (now < _nextLook)
            {
                return false;
            }

            _nextLook = now + _intervalMs;
        }

        if (closeTime <= _lastClose)
        {
            return false;
        }

        _lastClose = closeTime;
        while (_open.Count > 0 && _open.Min is var first && first.Session.Window.End < closeTime)
        {
            _open.Remove(first);
            _closed.Enqueue(first.Session);
        }

        return _closed.Count > 0;
    }

    /// <summary>Takes the next closed session.</summary>
    public bool TryTake(out Windowed<TKey> session, [MaybeNullWhen(false)] out TAggregate value)
    {
        while (_closed.TryDequeue(out session))
        {
            if (store.TryFetch(session, out value))
            {
                return true;
            }
        }

        store.KeepFrom = _open.Count == 0 ? long.MaxValue : _open.Min.Session.Window.End;
        value = default;
        return false;
    }

    /// <summary>Notes up to where closed windows were emitted, so that a restart emits none again.</summary>
    public void Note(string name) => context.Notes[name + NoteSuffix] = _lastClose;

    /// <summary>Takes the note back. Until the open sessions are known, no row may expire: it may wait to be emitted.</summary>
    public void RestoreNote(string name)
    {
        _lastClose = context.Notes.GetValueOrDefault(name + NoteSuffix, long.MinValue);
        store.KeepFrom = long.MinValue;
    }

    private static int Compare(Open x, Open y)
    {
        var (a, b) = (x.Session.Window, y.Session.Window);
        return a.End != b.End ? a.End.CompareTo(b.End)
            : a.Start != b.Start ? a.Start.CompareTo(b.Start)
            : x.KeyBytes.AsSpan().SequenceCompareTo(y.KeyBytes);
    }

    private void Load()
    {
        if (_isLoaded)
        {
            return;
        }

        _isLoaded = true;
        foreach (var row in store.Rows().Where(r => r.Key.Window.End >= _lastClose).ToList())
        {
            _open.Add(new(row.Key, store.KeyBytes(row.Key.Key)));
        }
    }

    private readonly record struct Open(Windowed<TKey> Session, byte[] KeyBytes);
}
