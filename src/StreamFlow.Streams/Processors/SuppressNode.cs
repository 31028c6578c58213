using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Holds back changes in a buffer ordered by time, and emits them when stream time has passed theirs by the wait, or when the buffer is
/// full. The emitted change carries the last value, and as old value that from before the buffering.
/// </summary>
/// <param name="storeName">The buffer.</param>
/// <param name="windowEnd">The buffer time of a key, its window's end; null to take the time of the first update held back.</param>
/// <param name="waitMs">The limit, or the grace of the windows.</param>
/// <param name="limits">How much is held back.</param>
/// <param name="sendsUnseenOldValues">Whether old values are those of the last update, as in Kafka Streams.</param>
internal sealed class SuppressNode<TKey, TValue>(
    string storeName, Func<TKey, long>? windowEnd, long waitMs, BufferLimits limits, bool sendsUnseenOldValues)
    : ProcessorNode<TKey, Change<TValue>, TKey, Change<TValue>>
{
    private SuppressBuffer<TKey, TValue> _buffer = null!;
    private long _streamTime = -1;

    protected override void OnInitialize()
    {
        _buffer = Context.GetStore<SuppressBuffer<TKey, TValue>>(storeName);
        _buffer.CountsBytes = limits.MaxBytes != long.MaxValue;
    }

    public override void BeforeCommit() => Context.Notes[Name] = _streamTime;

    public override void RestoreNotes() => _streamTime = Context.Notes.GetValueOrDefault(Name, -1);

    public override void Process(in Record<TKey, Change<TValue>> record)
    {
        _streamTime = Math.Max(_streamTime, record.Timestamp);
        _buffer.Put(windowEnd?.Invoke(record.Key!) ?? record.Timestamp, in record, Context.Position);
        var expiry = _streamTime - waitMs;
        while (_buffer.Count > 0 && _buffer.FirstTime <= expiry)
        {
            EmitFirst();
        }

        if (!IsFull())
        {
            return;
        }

        if (limits.FailsWhenFull)
        {
            throw new StreamsException(
                $"node '{Name}' holds back {_buffer.Count} rows of {_buffer.SizeInBytes} bytes, more than the allowed "
                + $"{limits.MaxRecords} rows and {limits.MaxBytes} bytes; allow more, or let it emit early");
        }

        while (IsFull())
        {
            EmitFirst();
        }
    }

    private bool IsFull() => _buffer.Count > limits.MaxRecords || _buffer.SizeInBytes > limits.MaxBytes;

    private void EmitFirst()
    {
        var row = _buffer.TakeFirst();
        if (windowEnd is not null && !row.Change.HasNew)
        {
            return;
        }

        var change = sendsUnseenOldValues
            ? row.Change
            : new Change<TValue>(row.Change.HasNew, row.Change.New, row.HasPrior, row.Prior);
        var here = Context.Position;
        Context.MoveTo(row.Position);
        Forward(new Record<TKey, Change<TValue>>(true, row.Key, true, change, row.Timestamp, row.Headers));
        Context.MoveTo(here);
    }
}
