using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Aggregates a stream per key. One probe of the store's cache per record; a null aggregate deletes the row and the next
/// record starts from the initial value. The row's time is the greatest of its records'.
/// </summary>
internal sealed class AggregateNode<TKey, TValue, TAggregate>(
    string storeName, Func<TAggregate> initialize, Func<TKey, TValue, TAggregate, TAggregate> aggregate, OldValues oldValues)
    : ProcessorNode<TKey, TValue, TKey, Change<TAggregate>>
{
    private KeyValueRows<TKey, TAggregate> _rows = null!;

    protected override void OnInitialize() => _rows = Context.GetStore<TableStore<TKey, TAggregate>>(storeName).Rows;

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            Context.Drop(record.HasKey ? DropReason.NullValue : DropReason.NullKey);
            return;
        }

        ref var row = ref _rows.Get(record.Key!);
        var hasOld = row.HasValue;
        var old = hasOld ? row.Value! : initialize();
        var result = aggregate(record.Key!, record.Value!, old);
        var timestamp = hasOld ? Math.Max(record.Timestamp, row.Timestamp) : record.Timestamp;
        row.HasValue = result is not null;
        row.Value = result;
        row.Timestamp = timestamp;
        _rows.MarkDirty(record.Key!, ref row);
        var sendsOld = oldValues == OldValues.StoredOrInitial ? old is not null : hasOld && oldValues == OldValues.Stored;
        var change = new Change<TAggregate>(result is not null, result, sendsOld, sendsOld ? old : default);
        Forward(new Record<TKey, Change<TAggregate>>(true, record.Key, true, change, timestamp, record.Headers));
    }
}
