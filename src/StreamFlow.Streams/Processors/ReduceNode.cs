using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>Combines the values of a key into one. The first value is taken as it is; a null result deletes the row.</summary>
internal sealed class ReduceNode<TKey, TValue>(string storeName, Func<TValue, TValue, TValue> reduce, bool sendsOldValues)
    : ProcessorNode<TKey, TValue, TKey, Change<TValue>>
{
    private KeyValueRows<TKey, TValue> _rows = null!;

    protected override void OnInitialize() => _rows = Context.GetStore<TableStore<TKey, TValue>>(storeName).Rows;

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            Context.Drop(record.HasKey ? DropReason.NullValue : DropReason.NullKey);
            return;
        }

        ref var row = ref _rows.Get(record.Key!);
        var hasOld = row.HasValue;
        var old = row.Value;
        var result = hasOld ? reduce(old!, record.Value!) : record.Value;
        var timestamp = hasOld ? Math.Max(record.Timestamp, row.Timestamp) : record.Timestamp;
        row.HasValue = result is not null;
        row.Value = result;
        row.Timestamp = timestamp;
        _rows.MarkDirty(record.Key!, ref row);
        var change = new Change<TValue>(result is not null, result, sendsOldValues && hasOld, sendsOldValues ? old : default);
        Forward(new Record<TKey, Change<TValue>>(true, record.Key, true, change, timestamp, record.Headers));
    }
}
