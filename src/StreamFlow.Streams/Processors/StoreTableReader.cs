using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>Reads a table from its own store.</summary>
internal sealed class StoreTableReader<TKey, TValue>(TableStore<TKey, TValue> store) : ITableReader<TKey, TValue>
{
    public bool IsVersioned => false;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value, out long timestamp)
    {
        ref var row = ref store.Rows.Get(key);
        value = row.Value;
        timestamp = row.HasValue ? row.Timestamp : -1;
        return row.HasValue;
    }

    public bool TryGetAsOf(TKey key, long asOf, [MaybeNullWhen(false)] out TValue value, out long timestamp) =>
        TryGet(key, out value, out timestamp);
}
