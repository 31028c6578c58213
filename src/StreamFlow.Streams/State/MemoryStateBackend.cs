using StreamFlow.Core.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>Keeps every store in memory and logs nothing: for tests and for topologies whose state may be lost.</summary>
public sealed class MemoryStateBackend : IStateBackend
{
    private readonly Dictionary<string, MemoryBytesStore> _stores = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemoryTimedBytesStore> _timed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IBytesStore OpenBytes(StoreDescriptor store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return _stores[store.Name] = new MemoryBytesStore();
    }

    /// <inheritdoc/>
    public ITimedBytesStore OpenTimedBytes(StoreDescriptor store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return _timed[store.Name] = new MemoryTimedBytesStore();
    }

    /// <inheritdoc/>
    public IChangelogWriter? OpenChangelog(StoreDescriptor store) => null;

    /// <summary>Puts what a record of a store's changelog says, behind the back of the typed store. The store must be open.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The record's key.</param>
    /// <param name="hasValue">Whether the record has a value.</param>
    /// <param name="value">The record's value.</param>
    /// <param name="timestamp">The record's time in ms.</param>
    public void Restore(StoreDescriptor store, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, long timestamp)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var rowKey = new PooledBufferWriter();
        using var row = new PooledBufferWriter();
        rowKey.Write(key);
        ChangelogRows.WriteKeySuffix(store, timestamp, rowKey);
        ChangelogRows.WriteValuePrefix(store, hasValue, timestamp, row);
        row.Write(value);
        if (store.IsTimed)
        {
            Put(_timed[store.Name], ChangelogRows.TimeOf(store, key), rowKey.WrittenSpan, hasValue, row.WrittenSpan);
        }
        else if (hasValue || ChangelogRows.KeepsDeletions(store))
        {
            _stores[store.Name].Put(rowKey.WrittenSpan, row.WrittenSpan);
        }
        else
        {
            _stores[store.Name].Delete(rowKey.WrittenSpan);
        }
    }

    private static void Put(MemoryTimedBytesStore store, long time, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> row)
    {
        if (hasValue)
        {
            store.Put(key, time, row);
        }
        else
        {
            store.Delete(key, time);
        }
    }
}
