using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>Reads a table that keeps a history.</summary>
internal sealed class VersionedTableReader<TKey, TValue>(VersionedStore<TKey, TValue> store) : ITableReader<TKey, TValue>
{
    public bool IsVersioned => true;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value, out long timestamp) =>
        TryGetAsOf(key, long.MaxValue, out value, out timestamp);

    public bool TryGetAsOf(TKey key, long asOf, [MaybeNullWhen(false)] out TValue value, out long timestamp)
    {
        var found = store.TryGetAsOf(key, asOf, out var version);
        (value, timestamp) = found ? (version.Value, version.Timestamp) : (default!, -1);
        return found;
    }
}
