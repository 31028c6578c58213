using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// A filter or mapValues of a table. With a store of its own the old value comes from there, otherwise it is computed from the
/// parent's old value. A row that a filter never showed is not withdrawn again when old values are known.
/// </summary>
/// <param name="map">Computes this table's value from the parent's.</param>
/// <param name="storeName">This table's own store; null when it has none.</param>
/// <param name="sendsOldValues">Whether old values are known and sent on.</param>
/// <param name="isFilter">Whether a change from nothing to nothing is silent.</param>
internal sealed class TableMapNode<TKey, TValue, TNewValue>(
    TableFunction<TKey, TValue, TNewValue> map, string? storeName, bool sendsOldValues, bool isFilter)
    : ProcessorNode<TKey, Change<TValue>, TKey, Change<TNewValue>>
{
    private KeyValueRows<TKey, TNewValue>? _rows;

    protected override void OnInitialize() =>
        _rows = storeName is null ? null : Context.GetStore<TableStore<TKey, TNewValue>>(storeName).Rows;

    public override void Process(in Record<TKey, Change<TValue>> record)
    {
        var change = record.Value;
        TNewValue? value = default;
        var hasValue = change.HasNew && map(record.Key!, change.New!, out value);
        TNewValue? old = default;
        var hasOld = false;
        if (sendsOldValues && _rows is not null)
        {
            ref var row = ref _rows.Get(record.Key!);
            (hasOld, old) = (row.HasValue, row.Value);
        }
        else if (sendsOldValues)
        {
            hasOld = change.HasOld && map(record.Key!, change.Old!, out old);
        }

        if (isFilter && sendsOldValues && !hasOld && !hasValue)
        {
            return;
        }

        _rows?.Put(record.Key!, hasValue, value, record.Timestamp);
        var result = new Change<TNewValue>(hasValue, value, hasOld, old, change.IsLatest);
        Forward(record.WithValue(result));
    }
}
