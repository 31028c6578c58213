using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Turns records into changes of a table, in order of arrival whatever their time says. With a store it knows old values.
/// </summary>
internal sealed class TableSourceNode<TKey, TValue>(string? storeName, bool sendsOldValues)
    : ProcessorNode<TKey, TValue, TKey, Change<TValue>>
{
    private TableStore<TKey, TValue>? _store;

    protected override void OnInitialize() => _store = storeName is null ? null : Context.GetStore<TableStore<TKey, TValue>>(storeName);

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasKey)
        {
            Context.Drop(DropReason.NullKey);
            return;
        }

        var hasOld = false;
        TValue? old = default;
        if (_store is not null)
        {
            var rows = _store.Rows;
            ref var row = ref rows.Get(record.Key!);
            if (sendsOldValues)
            {
                (hasOld, old) = (row.HasValue, row.Value);
            }

            row.HasValue = record.HasValue;
            row.Value = record.Value;
            row.Timestamp = record.Timestamp;
            rows.MarkDirty(record.Key!, ref row);
        }

        Forward(record.WithValue(new Change<TValue>(record.HasValue, record.Value, hasOld, old)));
    }
}
