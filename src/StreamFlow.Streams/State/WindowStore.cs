using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>(Key, window start) to value, with or without a time: one row per key and start.</summary>
internal sealed class WindowStore<TKey, TValue>(
    StoreDescriptor descriptor, WindowRows<TKey, TValue> rows, long windowSizeMs, TaskContext context)
    : StateStore(descriptor), IWindowStore<TKey, TValue>
{
    /// <summary>The cached rows, for operators that read and write a window with one probe.</summary>
    public WindowRows<TKey, TValue> Rows => rows;

    public void Put(TKey key, TValue? value, long windowStart)
    {
        if (windowStart >= rows.VisibleFrom)
        {
            rows.Put(key, windowStart, value is not null, value, context.RecordTime);
        }
    }

    public bool TryFetch(TKey key, long windowStart, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        if (windowStart < rows.VisibleFrom)
        {
            return false;
        }

        ref var row = ref rows.Get(key, windowStart);
        value = row.Value;
        return row.HasValue;
    }

    public IEnumerable<WindowRow<TKey, TValue>> Fetch(TKey key, long from, long to, bool descending = false)
    {
        var found = rows.Fetch(key, Math.Max(from, rows.VisibleFrom), to);
        if (descending)
        {
            found.Reverse();
        }

        foreach (var (start, value, timestamp) in found)
        {
            yield return new(At(key, start), value, timestamp);
        }
    }

    public IEnumerable<WindowRow<TKey, TValue>> FetchAll(long from, long to)
    {
        var visibleFrom = Math.Max(from, rows.VisibleFrom);
        foreach (var (key, start, value, timestamp) in rows.All())
        {
            if (start >= visibleFrom && start <= to)
            {
                yield return new(At(key, start), value, timestamp);
            }
        }
    }

    public IEnumerable<WindowRow<TKey, TValue>> All() => FetchAll(long.MinValue, long.MaxValue);

    public override void Flush() => rows.Flush();

    public override void Dispose() => rows.Dispose();

    private Windowed<TKey> At(TKey key, long start) =>
        new(key, new Window(start, start > long.MaxValue - windowSizeMs ? long.MaxValue : start + windowSizeMs));
}
