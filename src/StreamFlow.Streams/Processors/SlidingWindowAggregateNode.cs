using StreamFlow.Core.Records;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Aggregates a stream per key and sliding window [start, start + D], both ends inclusive; only windows whose content differs are kept.
/// A record at t matters to its left window [t - D, t], its right window [t + 1, t + 1 + D], the windows that contain it, and the right
/// window of the record before it. A row's time is that of its newest record.
/// </summary>
/// <remarks>
/// The algorithm is Kafka Streams' (KIP-450). Records earlier than D share one window [0, D] instead of left windows that would begin
/// before the epoch.
/// </remarks>
internal sealed class SlidingWindowAggregateNode<TKey, TValue, TAggregate>(
    string storeName,
    SlidingWindows windows,
    Func<TAggregate>? initialize,
    WindowAggregator<TKey, TValue, TAggregate> aggregate,
    OldValues oldValues,
    bool emitsOnClose,
    bool isThrifty)
    : ProcessorNode<TKey, TValue, Windowed<TKey>, Change<TAggregate>>
{
    private readonly long _difference = windows.DifferenceMs;
    private WindowRows<TKey, TAggregate> _rows = null!;
    private WindowCloser<TKey, TAggregate>? _closer;
    private long _streamTime = -1;

    protected override void OnInitialize()
    {
        _rows = Context.GetStore<WindowStore<TKey, TAggregate>>(storeName).Rows;
        _rows.KeepsBoundary = emitsOnClose;
        _closer = emitsOnClose
            ? new WindowCloser<TKey, TAggregate>(_rows, Context, _difference, windows.GraceMs, includesEnd: true, isThrifty)
            : null;
    }

    public override void BeforeCommit()
    {
        Context.Notes[Name] = _streamTime;
        _closer?.Note(Name);
    }

    public override void RestoreNotes()
    {
        _streamTime = Context.Notes.GetValueOrDefault(Name, -1);
        _closer?.RestoreNote(Name);
    }

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            Context.Drop(record.HasKey ? DropReason.NullValue : DropReason.NullKey);
            return;
        }

        var t = record.Timestamp;
        _streamTime = Math.Max(_streamTime, t);
        var closeTime = _streamTime - windows.GraceMs;
        if (t + _difference < closeTime)
        {
            Context.Drop(DropReason.Late);
            return;
        }

        if (t < _difference)
        {
            UpdateEarly(in record, closeTime);
            return; // no window that began after the epoch has closed yet
        }

        Update(in record, closeTime);
        if (_closer is not null && _closer.TryAdvance(_streamTime))
        {
            while (_closer.TryTake(out var key, out var start, out var value, out var timestamp))
            {
                Emit(key, start, new(true, value, false, default), timestamp, record.Headers);
            }
        }
    }

    private void Update(in Record<TKey, TValue> record, long closeTime)
    {
        var t = record.Timestamp;
        var rows = Fetch(record.Key!, t - (2 * _difference), t + 1);
        var (right, left) = (Row.None, Row.None);
        var (hasRight, hasLeft) = (false, false);
        long? previous = null;
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            var row = rows[i];
            var end = row.Start + _difference;
            if (row.Start == t + 1)
            {
                hasRight = true;
            }
            else if (end > t)
            {
                right = right.Exists ? right : row;
                Add(in record, row, closeTime);
            }
            else if (end == t)
            {
                hasLeft = true;
                Add(in record, row, closeTime);
                if (row.Timestamp >= t)
                {
                    return; // a record at this very time has made every window there is to make
                }

                previous = row.Timestamp;
            }
            else
            {
                left = row;
                previous = row.Timestamp;
                break;
            }
        }

        if (previous is { } p && p + 1 + _difference >= t && !rows.Exists(r => r.Start == p + 1))
        {
            Add(in record, New(p + 1, t), closeTime);
        }

        if (!hasLeft)
        {
            var start = t - _difference;
            Add(in record, previous >= start ? left with { Start = start, Timestamp = t, IsNew = true } : New(start, t), closeTime);
        }

        if (!hasRight && right.Exists && right.Timestamp > t)
        {
            CopyRight(in record, right);
        }
    }

    private void UpdateEarly(in Record<TKey, TValue> record, long closeTime)
    {
        var t = record.Timestamp;
        var rows = Fetch(record.Key!, 0, t + 1);
        var (right, combined) = (Row.None, Row.None);
        var hasRight = false;
        long? previous = null;
        foreach (var row in rows)
        {
            if (row.Start == 0)
            {
                combined = row;
                previous = row.Timestamp < t ? row.Timestamp : null;
            }
            else if (row.Start <= t)
            {
                right = row;
                Add(in record, row, closeTime);
            }
            else
            {
                hasRight = true;
            }
        }

        if (!right.Exists && combined.Exists && combined.Timestamp > t)
        {
            right = combined;
        }

        if (!hasRight && right.Exists && right.Timestamp > t)
        {
            CopyRight(in record, right);
        }

        if (previous is { } p && !rows.Exists(r => r.Start == p + 1))
        {
            Add(in record, New(p + 1, t), closeTime);
        }

        Add(in record, combined.Exists ? combined : New(0, t), closeTime);
    }

    private List<Row> Fetch(TKey key, long from, long to) =>
        _rows.Fetch(key, Math.Max(Math.Max(0, from), _rows.VisibleFrom), to)
            .ConvertAll(static r => new Row(true, r.Start, true, r.Value, r.Timestamp));

    private Row New(long start, long timestamp) =>
        new(true, start, initialize is not null, initialize is null ? default : initialize(), timestamp) { IsNew = true };

    private void Add(in Record<TKey, TValue> record, Row row, long closeTime)
    {
        if (row.Start + _difference < closeTime)
        {
            Context.Drop(DropReason.Late);
            return;
        }

        var result = aggregate(record.Key!, true, record.Value!, row.HasValue, row.Value);
        var timestamp = row.HasValue ? Math.Max(record.Timestamp, row.Timestamp) : record.Timestamp;
        Put(in record, row.Start, result, timestamp, row);
    }

    private void CopyRight(in Record<TKey, TValue> record, Row source) =>
        Put(in record, record.Timestamp + 1, source.Value, source.Timestamp, Row.None);

    private void Put(in Record<TKey, TValue> record, long start, TAggregate? value, long timestamp, Row old)
    {
        _rows.Put(record.Key!, start, value is not null, value, timestamp);
        if (_closer is not null)
        {
            _closer.Track(record.Key!, start);
            return;
        }

        var hasOld = oldValues != OldValues.None
            && old is { Exists: true, HasValue: true, Value: not null } && (!old.IsNew || oldValues == OldValues.StoredOrInitial);
        Emit(record.Key!, start, new(value is not null, value, hasOld, hasOld ? old.Value : default), timestamp, record.Headers);
    }

    private void Emit(TKey key, long start, Change<TAggregate> change, long timestamp, Headers headers) =>
        Forward(new Record<Windowed<TKey>, Change<TAggregate>>(
            true, new(key, new Window(start, start + _difference)), true, change, timestamp, headers));

    private readonly record struct Row(bool Exists, long Start, bool HasValue, TAggregate? Value, long Timestamp)
    {
        public static Row None => default;

        /// <summary>Whether the window is being made, so that nobody downstream has seen its value.</summary>
        public bool IsNew { get; init; }
    }
}
