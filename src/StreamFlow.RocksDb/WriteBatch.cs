using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// Changes that reach a database together or not at all. Keys and values are copied. Reuse one batch with <see cref="Clear"/>: it keeps its
/// memory. Not safe for several threads at once.
/// </summary>
public sealed unsafe class WriteBatch : NativeObject
{
    /// <summary>Creates an empty batch.</summary>
    public WriteBatch()
        : base(NativeMethods.rocksdb_writebatch_create())
    {
    }

    /// <summary>Number of changes.</summary>
    public int Count => NativeMethods.rocksdb_writebatch_count(Handle);

    /// <summary>Size in bytes.</summary>
    public long DataSize
    {
        get
        {
            nuint size;
            NativeMethods.rocksdb_writebatch_data(Handle, &size);
            return (long)size;
        }
    }

    /// <summary>Sets a key.</summary>
    public WriteBatch Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ColumnFamilyHandle family)
    {
        fixed (byte* k = key, v = value)
        {
            NativeMethods.rocksdb_writebatch_put_cf(Handle, family.Handle, k, (nuint)key.Length, v, (nuint)value.Length);
        }

        return this;
    }

    /// <summary>Removes a key; one that is not there is no error.</summary>
    public WriteBatch Delete(ReadOnlySpan<byte> key, ColumnFamilyHandle family)
    {
        fixed (byte* k = key)
        {
            NativeMethods.rocksdb_writebatch_delete_cf(Handle, family.Handle, k, (nuint)key.Length);
        }

        return this;
    }

    /// <summary>Removes every key from <paramref name="start"/> on and before <paramref name="end"/>.</summary>
    public WriteBatch DeleteRange(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end, ColumnFamilyHandle family)
    {
        fixed (byte* s = start, e = end)
        {
            NativeMethods.rocksdb_writebatch_delete_range_cf(Handle, family.Handle, s, (nuint)start.Length, e, (nuint)end.Length);
        }

        return this;
    }

    /// <summary>Forgets all changes and keeps the memory.</summary>
    public WriteBatch Clear()
    {
        NativeMethods.rocksdb_writebatch_clear(Handle);
        return this;
    }

    private protected override void Destroy(nint handle) => NativeMethods.rocksdb_writebatch_destroy(handle);
}
