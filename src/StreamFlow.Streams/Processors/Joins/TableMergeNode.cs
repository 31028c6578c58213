using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>Where both sides of a table-table join come together; keeps the result when it has a store.</summary>
internal sealed class TableMergeNode<TKey, TResult>(string? storeName) : ProcessorNode<TKey, Change<TResult>, TKey, Change<TResult>>
{
    private KeyValueRows<TKey, TResult>? _rows;

    protected override void OnInitialize() =>
        _rows = storeName is null ? null : Context.GetStore<TableStore<TKey, TResult>>(storeName).Rows;

    public override void Process(in Record<TKey, Change<TResult>> record)
    {
        var change = record.Value;
        _rows?.Put(record.Key!, change.HasNew, change.New, record.Timestamp);
        Forward(in record);
    }
}
