using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State.Joins;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>
/// A stream joined with itself over one store, with the results and their order of two: first the record as the left side, then
/// as the right one, itself standing among the others by its time.
/// </summary>
internal sealed class StreamSelfJoinNode<TKey, TValue, TResult>(
    string storeName, long beforeMs, long afterMs, Func<TKey, TValue?, TValue?, TResult> join)
    : ProcessorNode<TKey, TValue, TKey, TResult>
{
    private JoinWindow<TKey, TValue> _window = null!;

    protected override void OnInitialize() => _window = Context.GetStore<JoinWindow<TKey, TValue>>(storeName);

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            Context.Drop(record.HasKey ? DropReason.NullValue : DropReason.NullKey);
            return;
        }

        foreach (ref readonly var other in Partners(in record, beforeMs, afterMs))
        {
            Emit(in record, other.Timestamp, record.Value, other.Value);
        }

        // Too old to be seen by others of its stream, a record is too old to be seen by itself; Kafka Streams draws the line 1 ms earlier.
        var isSelfDue = beforeMs >= 0 && afterMs >= 0 && _window.Sees(record.Timestamp - 1);
        foreach (ref readonly var other in Partners(in record, afterMs, beforeMs))
        {
            if (isSelfDue && record.Timestamp < other.Timestamp)
            {
                isSelfDue = false;
                Emit(in record, record.Timestamp, record.Value, record.Value);
            }

            Emit(in record, other.Timestamp, other.Value, record.Value);
        }

        if (isSelfDue)
        {
            Emit(in record, record.Timestamp, record.Value, record.Value);
        }
    }

    private ReadOnlySpan<JoinSlot<TValue>> Partners(in Record<TKey, TValue> record, long back, long ahead) =>
        _window.Fetch(record.Key!, Math.Max(0, record.Timestamp - back), Math.Max(0, record.Timestamp + ahead));

    private void Emit(in Record<TKey, TValue> record, long otherTimestamp, TValue? left, TValue? right) =>
        Forward(record.WithValue(join(record.Key!, left, right)).WithTimestamp(Math.Max(record.Timestamp, otherTimestamp)));
}
