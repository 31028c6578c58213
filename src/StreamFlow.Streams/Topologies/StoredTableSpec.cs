using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>A table with a store of its own: an aggregate, or anything else that must remember.</summary>
internal sealed class StoredTableSpec<TKey, TValue> : TableSpec<TKey, TValue>
{
    public StoredTableSpec(StoreBuilder store) => Store = store;

    public override bool RequestOldValues(bool materialize) => SendsOldValues = true;

    public override IReadOnlyList<string> MakeReadable() => [Store!.Name];

    public override ITableReader<TKey, TValue> CreateReader(TaskContext context) => ReadStore(context);
}
