using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Aggregates a stream per key and time window, one row per window. Null values reach the aggregator. A record is late for a
/// window when stream time, which it has advanced first, has reached the window's end plus grace.
/// </summary>
/// <param name="storeName">The rows.</param>
/// <param name="windows">The windows.</param>
/// <param name="initialize">Makes the aggregate of a window without records; null in a reduction.</param>
/// <param name="aggregate">Makes the next aggregate.</param>
/// <param name="oldValues">What changes say of the row before.</param>
/// <param name="emitsOnClose">Whether only closed windows are emitted.</param>
/// <param name="isThrifty">Whether rows are lost as by Kafka's default retention.</param>
internal sealed class TimeWindowAggregateNode<TKey, TValue, TAggregate>(
    string storeName,
    TimeWindows windows,
    Func<TAggregate>? initialize,
    WindowAggregator<TKey, TValue, TAggregate> aggregate,
    OldValues oldValues,
    bool emitsOnClose,
    bool isThrifty)
    : ProcessorNode<TKey, TValue, Windowed<TKey>, Change<TAggregate>>
{
    private WindowRows<TKey, TAggregate> _rows = null!;
    private WindowCloser<TKey, TAggregate>? _closer;
    private long _streamTime = -1;

    protected override void OnInitialize()
    {
        _rows = Context.GetStore<WindowStore<TKey, TAggregate>>(storeName).Rows;
        _rows.KeepsBoundary = emitsOnClose;
        _closer = emitsOnClose
            ? new WindowCloser<TKey, TAggregate>(_rows, Context, windows.SizeMs, windows.GraceMs, includesEnd: false, isThrifty)
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
        if (!record.HasKey)
        {
            Context.Drop(DropReason.NullKey);
            return;
        }

        var t = record.Timestamp;
        _streamTime = Math.Max(_streamTime, t);
        if (windows.IsUnlimited)
        {
            if (t >= windows.StartMs)
            {
                Update(in record, windows.StartMs, long.MaxValue);
            }
        }
        else
        {
            var closeTime = _streamTime - windows.GraceMs;
            for (var start = FirstStart(t); start <= t; start += windows.AdvanceMs)
            {
                if (start + windows.SizeMs > closeTime)
                {
                    Update(in record, start, start + windows.SizeMs);
                }
                else
                {
                    Context.Drop(DropReason.Late);
                }
            }
        }

        if (_closer is not null)
        {
            EmitClosed(record.Headers);
        }
    }

    private long FirstStart(long t) => Math.Max(0, t - windows.SizeMs + windows.AdvanceMs) / windows.AdvanceMs * windows.AdvanceMs;

    private void Update(in Record<TKey, TValue> record, long start, long end)
    {
        if (start < _rows.VisibleFrom)
        {
            // Another stream of a cogroup is so far ahead that the store no longer shows this row: the aggregate starts anew, as in Kafka
            // Streams.
            var anew = aggregate(record.Key!, record.HasValue, record.Value!, false, default);
            Emit(in record, start, end, new(anew is not null, anew, false, default), record.Timestamp);
            return;
        }

        ref var row = ref _rows.Get(record.Key!, start);
        var (hasOld, old) = (row.HasValue, row.Value);
        var result = aggregate(record.Key!, record.HasValue, record.Value!, hasOld, old);
        var timestamp = hasOld ? Math.Max(record.Timestamp, row.Timestamp) : record.Timestamp;
        row.HasValue = result is not null;
        row.Value = result;
        row.Timestamp = timestamp;
        _rows.MarkDirty(record.Key!, start, ref row);
        if (_closer is not null)
        {
            _closer.Track(record.Key!, start);
            return;
        }

        if (!hasOld && oldValues == OldValues.StoredOrInitial && initialize is not null)
        {
            old = initialize();
            hasOld = old is not null;
        }

        var sendsOld = hasOld && oldValues != OldValues.None;
        Emit(in record, start, end, new(result is not null, result, sendsOld, sendsOld ? old : default), timestamp);
    }

    private void Emit(in Record<TKey, TValue> record, long start, long end, Change<TAggregate> change, long timestamp) =>
        Forward(
            new Record<Windowed<TKey>, Change<TAggregate>>(
                true, new(record.Key!, new Window(start, end)), true, change, timestamp, record.Headers));

    private void EmitClosed(Core.Records.Headers headers)
    {
        if (!_closer!.TryAdvance(_streamTime))
        {
            return;
        }

        while (_closer.TryTake(out var key, out var start, out var value, out var timestamp))
        {
            var change = new Change<TAggregate>(true, value, false, default);
            var window = new Window(start, start + windows.SizeMs);
            Forward(new Record<Windowed<TKey>, Change<TAggregate>>(true, new(key, window), true, change, timestamp, headers));
        }
    }
}
