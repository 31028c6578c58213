using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// Walks keys in order over the state at its creation. <see cref="Key"/> and <see cref="Value"/> point into RocksDB's memory and are valid
/// until the iterator moves or is disposed. Not safe for several threads at once.
/// </summary>
public sealed unsafe class Iterator : DatabaseObject
{
    private readonly ReadOptions? _options;
    private readonly nint _optionsHandle;

    internal Iterator(RocksDb database, nint handle, ReadOptions? options, nint optionsHandle)
        : base(database, handle) => (_options, _optionsHandle) = (options, optionsHandle);

    /// <summary>True while the iterator stands on an entry. False at the end, or after an error: see <see cref="ThrowIfFailed"/>.</summary>
    public bool IsValid => NativeMethods.rocksdb_iter_valid(Handle) != 0;

    /// <summary>The key stood on.</summary>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            nuint length;
            var key = NativeMethods.rocksdb_iter_key(Handle, &length);
            return new ReadOnlySpan<byte>(key, checked((int)length));
        }
    }

    /// <summary>The value stood on.</summary>
    public ReadOnlySpan<byte> Value
    {
        get
        {
            nuint length;
            var value = NativeMethods.rocksdb_iter_value(Handle, &length);
            return new ReadOnlySpan<byte>(value, checked((int)length));
        }
    }

    /// <summary>Goes to the first key.</summary>
    public Iterator SeekToFirst()
    {
        NativeMethods.rocksdb_iter_seek_to_first(Handle);
        return this;
    }

    /// <summary>Goes to the last key.</summary>
    public Iterator SeekToLast()
    {
        NativeMethods.rocksdb_iter_seek_to_last(Handle);
        return this;
    }

    /// <summary>Goes to the first key that is not smaller than the given one.</summary>
    public Iterator Seek(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            NativeMethods.rocksdb_iter_seek(Handle, k, (nuint)key.Length);
        }

        return this;
    }

    /// <summary>Goes to the last key that is not greater than the given one.</summary>
    public Iterator SeekForPrev(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            NativeMethods.rocksdb_iter_seek_for_prev(Handle, k, (nuint)key.Length);
        }

        return this;
    }

    /// <summary>Goes to the next key; the iterator must be valid.</summary>
    public Iterator Next()
    {
        NativeMethods.rocksdb_iter_next(Handle);
        return this;
    }

    /// <summary>Goes to the previous key; the iterator must be valid.</summary>
    public Iterator Prev()
    {
        NativeMethods.rocksdb_iter_prev(Handle);
        return this;
    }

    /// <summary>Tells an end from an error: call it when <see cref="IsValid"/> became false.</summary>
    /// <exception cref="RocksDbException">A block could not be read.</exception>
    public void ThrowIfFailed()
    {
        byte* error = null;
        NativeMethods.rocksdb_iter_get_error(Handle, &error);
        NativeText.Check(error, "iterate over", Database.Path);
    }

    private protected override void DestroyNative(nint handle)
    {
        NativeMethods.rocksdb_iter_destroy(handle);
        _options?.RemoveIterator(_optionsHandle);
    }
}
