using StreamFlow.Core.Records;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State.Joins;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>
/// One side of a stream-stream join: meets a record with the other side's records in its window. In left and outer joins a record
/// that met nobody waits in a buffer until its window has closed; without a buffer it is emitted at once.
/// </summary>
/// <param name="side">Bounds, stores and rules of this side.</param>
/// <param name="join">From key, left and right value to the result; a missing side is the default.</param>
/// <param name="toLeft">This side's and the other's value as the left one.</param>
/// <param name="toRight">This side's and the other's value as the right one.</param>
internal sealed class StreamJoinNode<TKey, TThis, TOther, TLeft, TRight, TResult>(
    StreamJoinSide side,
    Func<TKey, TLeft?, TRight?, TResult> join,
    Func<TThis?, TOther?, TLeft?> toLeft,
    Func<TThis?, TOther?, TRight?> toRight)
    : ProcessorNode<TKey, TThis, TKey, TResult>
{
    private readonly List<UnmatchedKey> _emitted = [];
    private JoinWindow<TKey, TOther> _other = null!;
    private UnmatchedBuffer<TKey, TLeft, TRight>? _buffer;
    private long _emitIntervalMs;

    protected override void OnInitialize()
    {
        _other = Context.GetStore<JoinWindow<TKey, TOther>>(side.OtherStore);
        _buffer = side.BufferStore is null ? null : Context.GetStore<UnmatchedBuffer<TKey, TLeft, TRight>>(side.BufferStore);
        _emitIntervalMs = (long)Context.Options.EmitInterval.TotalMilliseconds;
    }

    public override void BeforeCommit()
    {
        if (_buffer is not null)
        {
            Context.Notes[side.BufferStore!] = _buffer.StreamTime;
        }
    }

    public override void RestoreNotes()
    {
        if (_buffer is not null)
        {
            _buffer.StreamTime = Math.Max(_buffer.StreamTime, Context.Notes.GetValueOrDefault(side.BufferStore!, -1));
        }
    }

    public override void Process(in Record<TKey, TThis> record)
    {
        if (_buffer is not null)
        {
            _buffer.StreamTime = Math.Max(_buffer.StreamTime, record.Timestamp);
        }

        if (!record.HasKey || !record.HasValue)
        {
            ProcessIncomplete(in record);
            return;
        }

        if (_buffer is not null)
        {
            if (IsLate(record.Timestamp, _buffer.StreamTime))
            {
                Context.Drop(DropReason.Late);
                return;
            }

            EmitClosed(in record, _buffer);
        }

        if (!Match(in record) && side.KeepsUnmatched)
        {
            Hold(in record);
        }
    }

    private void ProcessIncomplete(in Record<TKey, TThis> record)
    {
        if (record.HasValue && side.KeepsUnmatched)
        {
            Forward(record.WithValue(join(default!, toLeft(record.Value, default), toRight(record.Value, default))));
            return;
        }

        Context.Drop(record.HasValue ? DropReason.NullKey : DropReason.NullValue);
    }

    private bool IsLate(long timestamp, long streamTime) =>
        !side.JoinsLateRecords && timestamp + Math.Max(0, side.LookAheadMs) + side.GraceMs < streamTime;

    private bool Match(in Record<TKey, TThis> record)
    {
        var from = Math.Max(0, record.Timestamp - side.LookBackMs);
        var to = Math.Max(0, record.Timestamp + side.LookAheadMs);
        var partners = _other.Fetch(record.Key!, from, to);
        foreach (ref readonly var partner in partners)
        {
            _buffer?.Remove(record.Key!, partner.Timestamp, !side.IsLeft, record.Timestamp);
            var result = join(record.Key!, toLeft(record.Value, partner.Value), toRight(record.Value, partner.Value));
            Forward(record.WithValue(result).WithTimestamp(Math.Max(record.Timestamp, partner.Timestamp)));
        }

        return !partners.IsEmpty;
    }

    private void Hold(in Record<TKey, TThis> record)
    {
        var end = Math.Max(0, record.Timestamp + side.LookAheadMs);
        if (_buffer is not { } buffer || (side.IgnoresGrace ? end : end + side.GraceMs) < buffer.StreamTime)
        {
            Forward(record.WithValue(join(record.Key!, toLeft(record.Value, default), toRight(record.Value, default))));
            return;
        }

        buffer.Add(record.Key!, record.Timestamp, new(side.IsLeft, toLeft(record.Value, default), toRight(record.Value, default)));
    }

    /// <summary>
    /// Emits the buffered records whose windows have closed. Only a record that carries the stream time looks, at most once per
    /// emit interval; the clock is read only when the oldest buffered record may be due.
    /// </summary>
    private void EmitClosed(in Record<TKey, TThis> record, UnmatchedBuffer<TKey, TLeft, TRight> buffer)
    {
        if (record.Timestamp != buffer.StreamTime || !MayBeDue(buffer) || IsTooSoon(buffer))
        {
            return;
        }

        // Rows of a side that keeps none are never seen; only Kafka's bookkeeping must walk on to the end.
        var isOpen = side.IgnoresGrace || side.KeepsBoth ? (Left: false, Right: false) : (Left: false, Right: true);
        buffer.LastSeen = long.MaxValue;
        foreach (var (place, values) in buffer.Rows())
        {
            buffer.LastSeen = place.Timestamp;
            if (isOpen is (true, true))
            {
                break;
            }

            var ahead = place.IsLeft == side.IsLeft ? side.LookAheadMs : side.LookBackMs;
            if (place.Timestamp + ahead + side.GraceMs >= buffer.StreamTime)
            {
                isOpen = place.IsLeft ? (true, isOpen.Right) : (isOpen.Left, true);
                continue;
            }

            Emit(buffer.ReadKey(place), place.Timestamp, values, record.Headers);
            _emitted.Add(place);
        }

        foreach (var place in _emitted)
        {
            buffer.Remove(place, record.Timestamp);
        }

        _emitted.Clear();
    }

    /// <summary>
    /// Whether the oldest buffered record may be due. Kafka Streams takes the record its last look ended at for the oldest, and at
    /// first a number so large that the sum wraps around: what is due may wait for a later look there.
    /// </summary>
    private bool MayBeDue(UnmatchedBuffer<TKey, TLeft, TRight> buffer)
    {
        if (side.IgnoresGrace)
        {
            return unchecked(buffer.LastSeen + side.LookAheadMs + side.GraceMs) < buffer.StreamTime;
        }

        return buffer.Oldest < long.MaxValue && buffer.Oldest + side.LookAheadMs + side.GraceMs < buffer.StreamTime;
    }

    private bool IsTooSoon(UnmatchedBuffer<TKey, TLeft, TRight> buffer)
    {
        if (_emitIntervalMs == 0)
        {
            return false;
        }

        var now = Context.WallClock;
        if (now < buffer.NextLook)
        {
            return true;
        }

        buffer.NextLook = now + _emitIntervalMs;
        return false;
    }

    private void Emit(TKey key, long timestamp, List<UnmatchedValue<TLeft, TRight>> values, Headers headers)
    {
        foreach (var value in values)
        {
            Forward(new Record<TKey, TResult>(key, join(key, value.Left, value.Right), timestamp, headers));
        }
    }
}
