using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Finds the windows that stream time has closed, in order of their start, then of their key's bytes, each once. Keeps the keys of open
/// windows in memory by their start; after a restart they are read back from the store.
/// </summary>
/// <remarks>
/// Time windows close when end &lt;= stream time - grace, sliding windows when end &lt; stream time - grace. Kafka Streams scans
/// a store whose default retention hides windows that a jump of time closes; <paramref name="isThrifty"/> reproduces that, without
/// it a row is kept until it was emitted.
/// </remarks>
internal sealed class WindowCloser<TKey, TAggregate>(
    WindowRows<TKey, TAggregate> rows, TaskContext context, long sizeMs, long graceMs, bool includesEnd, bool isThrifty)
{
    private const string NoteSuffix = ".closed";
    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y));
    private readonly SortedDictionary<long, SortedDictionary<byte[], TKey>> _open = [];
    private readonly Queue<(TKey Key, long Start)> _closed = new();
    private readonly long _intervalMs = (long)context.Options.EmitInterval.TotalMilliseconds;
    private bool _isLoaded;
    private long _nextLook;
    private long _closeTime;
    private long _lastClose = long.MinValue;
    private long _firstOpen = long.MaxValue;

    /// <summary>Says that the window has a row.</summary>
    public void Track(TKey key, long start)
    {
        Load();
        Add(key, start);
        if (!isThrifty)
        {
            rows.KeepFrom = _firstOpen;
        }
    }

    /// <summary>Looks for closed windows, unless the last look was too short ago.</summary>
    /// <param name="streamTime">The operator's stream time in ms.</param>
    /// <returns>Whether <see cref="TryTake"/> may find any.</returns>
    public bool TryAdvance(long streamTime)
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

        _closeTime = streamTime - graceMs;
        if (_closeTime <= _lastClose)
        {
            return false;
        }

        _lastClose = _closeTime;
        while (_open.Count > 0 && IsClosed(_firstOpen))
        {
            foreach (var key in _open[_firstOpen].Values)
            {
                _closed.Enqueue((key, _firstOpen));
            }

            _open.Remove(_firstOpen);
            _firstOpen = _open.Count == 0 ? long.MaxValue : _open.First().Key;
        }

        return _closed.Count > 0;
    }

    /// <summary>Takes the next closed window that has a value.</summary>
    public bool TryTake(
        [MaybeNullWhen(false)] out TKey key, out long start, [MaybeNullWhen(false)] out TAggregate value, out long timestamp)
    {
        while (_closed.TryDequeue(out var next))
        {
            (key, start) = next;
            ref var row = ref rows.Get(key, start);
            if (row.HasValue && (!isThrifty || start >= rows.VisibleFrom))
            {
                (value, timestamp) = (row.Value!, row.Timestamp);
                return true;
            }
        }

        if (!isThrifty)
        {
            rows.KeepFrom = _firstOpen;
        }

        (key, start, value, timestamp) = (default, 0, default, 0);
        return false;
    }

    /// <summary>Notes up to where closed windows were emitted, so that a restart emits none again.</summary>
    public void Note(string name) => context.Notes[name + NoteSuffix] = _lastClose;

    /// <summary>Takes the note back. Until the open windows are known, no row may expire: it may wait to be emitted.</summary>
    public void RestoreNote(string name)
    {
        _lastClose = context.Notes.GetValueOrDefault(name + NoteSuffix, long.MinValue);
        rows.KeepFrom = isThrifty ? rows.KeepFrom : long.MinValue;
    }

    private bool IsClosed(long start) => includesEnd ? start + sizeMs < _closeTime : start + sizeMs <= _closeTime;

    private void Load()
    {
        if (_isLoaded)
        {
            return;
        }

        _isLoaded = true;
        foreach (var (key, start, _, _) in rows.All())
        {
            var end = start + sizeMs;
            if (includesEnd ? end >= _lastClose : end > _lastClose)
            {
                Add(key, start);
            }
        }
    }

    private void Add(TKey key, long start)
    {
        _firstOpen = Math.Min(_firstOpen, start);
        if (!_open.TryGetValue(start, out var keys))
        {
            _open.Add(start, keys = new SortedDictionary<byte[], TKey>(ByBytes));
        }

        keys.TryAdd(rows.KeyBytes(key), key);
    }
}
