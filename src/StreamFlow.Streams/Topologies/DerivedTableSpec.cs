using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>A filter or mapValues of a table: read from its own store when it has one, else computed from its parent's rows.</summary>
internal sealed class DerivedTableSpec<TKey, TValue, TNewValue> : TableSpec<TKey, TNewValue>
{
    private readonly TableSpec<TKey, TValue> _parent;
    private readonly TableFunction<TKey, TValue, TNewValue> _map;

    public DerivedTableSpec(TableSpec<TKey, TValue> parent, TableFunction<TKey, TValue, TNewValue> map, StoreBuilder? store)
    {
        _parent = parent;
        _map = map;
        Store = store;
    }

    public override long? HistoryMs => Store is null ? _parent.HistoryMs : null;

    /// <summary>Takes old values when the parent can send them without a new store: they spare needless tombstones.</summary>
    public void TakeOldValuesIfFree() => SendsOldValues = _parent.RequestOldValues(materialize: false);

    public override bool RequestOldValues(bool materialize) =>
        SendsOldValues |= Store is not null || _parent.RequestOldValues(materialize);

    public override IReadOnlyList<string> MakeReadable() => Store is null ? _parent.MakeReadable() : [Store.Name];

    public override ITableReader<TKey, TNewValue> CreateReader(TaskContext context) =>
        Store is null ? new MappedTableReader<TKey, TValue, TNewValue>(_parent.CreateReader(context), _map) : ReadStore(context);
}
