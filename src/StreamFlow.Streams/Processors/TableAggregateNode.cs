using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Aggregates the rows of a table per group: takes the old value out, puts the new one in. Emits at every change, also when the
/// aggregate stays the same.
/// </summary>
/// <param name="storeName">The aggregates.</param>
/// <param name="add">Puts a value in; gets whether there is an aggregate.</param>
/// <param name="subtract">Takes a value out.</param>
/// <param name="sendsOldValues">Whether somebody below needs old values.</param>
internal sealed class TableAggregateNode<TKey, TValue, TAggregate>(
    string storeName,
    WindowAggregator<TKey, TValue, TAggregate> add,
    Func<TKey, TValue, TAggregate, TAggregate> subtract,
    bool sendsOldValues)
    : ProcessorNode<TKey, Change<TValue>, TKey, Change<TAggregate>>
{
    private KeyValueRows<TKey, TAggregate> _rows = null!;

    protected override void OnInitialize() => _rows = Context.GetStore<TableStore<TKey, TAggregate>>(storeName).Rows;

    public override void Process(in Record<TKey, Change<TValue>> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            Context.Drop(record.HasKey ? DropReason.NullValue : DropReason.NullKey);
            return;
        }

        var change = record.Value;
        ref var row = ref _rows.Get(record.Key!);
        var (hadOld, old) = (row.HasValue, row.Value);
        var timestamp = hadOld && (change.HasOld || change.HasNew) ? Math.Max(record.Timestamp, row.Timestamp) : record.Timestamp;
        var result = old;
        var hasResult = hadOld;
        if (change.HasOld && hadOld)
        {
            result = subtract(record.Key!, change.Old!, old!);
            hasResult = result is not null;
        }

        if (change.HasNew)
        {
            result = add(record.Key!, true, change.New!, hasResult, result);
            hasResult = result is not null;
        }

        row.HasValue = hasResult;
        row.Value = result;
        row.Timestamp = timestamp;
        _rows.MarkDirty(record.Key!, ref row);
        var emitted = new Change<TAggregate>(hasResult, result, sendsOldValues && hadOld, sendsOldValues ? old : default, change.IsLatest);
        Forward(new Record<TKey, Change<TAggregate>>(true, record.Key, true, emitted, timestamp, record.Headers));
    }
}
