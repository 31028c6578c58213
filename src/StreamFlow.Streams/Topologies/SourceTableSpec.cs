using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>A table read from a topic or made of a stream. It gets its store when it is named, or when somebody must read it.</summary>
internal sealed class SourceTableSpec<TKey, TValue>(Func<StoreBuilder> createStore) : TableSpec<TKey, TValue>
{
    public void Materialize()
    {
        if (Store is null)
        {
            Store = createStore();
            Node.Stores.Add(Store);
        }
    }

    public override bool RequestOldValues(bool materialize)
    {
        if (materialize)
        {
            Materialize();
        }

        return SendsOldValues |= Store is not null;
    }

    public override IReadOnlyList<string> MakeReadable()
    {
        Materialize();
        return [Store!.Name];
    }

    public override ITableReader<TKey, TValue> CreateReader(TaskContext context) =>
        context.GetStore(Store!.Name) is VersionedStore<TKey, TValue> versions
            ? new VersionedTableReader<TKey, TValue>(versions)
            : ReadStore(context);
}
