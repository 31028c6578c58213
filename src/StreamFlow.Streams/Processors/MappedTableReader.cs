using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.Processors;

/// <summary>Reads a table without a store of its own by computing its rows from its parent's.</summary>
internal sealed class MappedTableReader<TKey, TValue, TNewValue>(
    ITableReader<TKey, TValue> parent, TableFunction<TKey, TValue, TNewValue> map)
    : ITableReader<TKey, TNewValue>
{
    public bool IsVersioned => parent.IsVersioned;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TNewValue value, out long timestamp)
    {
        value = default;
        return parent.TryGet(key, out var source, out timestamp) && map(key, source, out value!);
    }

    public bool TryGetAsOf(TKey key, long asOf, [MaybeNullWhen(false)] out TNewValue value, out long timestamp)
    {
        value = default;
        return parent.TryGetAsOf(key, asOf, out var source, out timestamp) && map(key, source, out value!);
    }
}
