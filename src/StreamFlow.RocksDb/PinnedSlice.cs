using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// A value where RocksDB keeps it (block cache or memtable), without a copy. Dispose it before the next commit: it keeps its block from
/// being evicted and must be gone before the database closes.
/// </summary>
public readonly unsafe ref struct PinnedSlice
{
    private readonly nint _handle;
    private readonly RocksDb? _database;

    internal PinnedSlice(RocksDb database, nint handle)
    {
        _handle = handle;
        _database = database;
        nuint length;
        var value = NativeMethods.rocksdb_pinnableslice_value(handle, &length);
        Span = new ReadOnlySpan<byte>(value, checked((int)length));
    }

    /// <summary>True when the key was found.</summary>
    public bool HasValue => _handle != 0;

    /// <summary>The value's bytes; empty when there is none.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>Lets RocksDB have the memory back.</summary>
    public void Dispose()
    {
        if (_handle != 0)
        {
            NativeMethods.rocksdb_pinnableslice_destroy(_handle);
            _database!.Unpin();
        }
    }
}
