using System.Runtime.InteropServices;
using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// How values are read. An iterator points into its options (RocksDB keeps addresses of the bounds), so options in use by an iterator
/// cannot be changed, and disposing them takes effect when the last such iterator is gone.
/// </summary>
public sealed unsafe class ReadOptions : NativeObject
{
    private byte* _lower;
    private byte* _upper;
    private int _iterators;
    private bool _freeWhenUnused;
    private readonly Lock _gate = new();

    /// <summary>Creates RocksDB's defaults: blocks read fill the cache, checksums are verified, no bounds.</summary>
    public ReadOptions()
        : base(NativeMethods.rocksdb_readoptions_create())
    {
    }

    /// <summary>Whether blocks that are read enter the block cache: false for scans that would flush it out.</summary>
    public ReadOptions SetFillCache(bool value)
    {
        NativeMethods.rocksdb_readoptions_set_fill_cache(Changeable(), Flag(value));
        return this;
    }

    /// <summary>Whether checksums of blocks are verified.</summary>
    public ReadOptions SetVerifyChecksums(bool value)
    {
        NativeMethods.rocksdb_readoptions_set_verify_checksums(Changeable(), Flag(value));
        return this;
    }

    /// <summary>Reads the state of a snapshot; null reads the latest.</summary>
    public ReadOptions SetSnapshot(Snapshot? snapshot)
    {
        NativeMethods.rocksdb_readoptions_set_snapshot(Changeable(), snapshot?.Handle ?? 0);
        return this;
    }

    /// <summary>Bytes to read ahead of an iterator; 0 lets RocksDB adapt.</summary>
    public ReadOptions SetReadaheadSize(long bytes)
    {
        NativeMethods.rocksdb_readoptions_set_readahead_size(Changeable(), checked((nuint)bytes));
        return this;
    }

    /// <summary>The smallest key an iterator may stand on. The bytes are copied.</summary>
    public ReadOptions SetIterateLowerBound(ReadOnlySpan<byte> key)
    {
        var handle = Changeable();
        NativeMemory.Free(_lower);
        _lower = Copy(key);
        NativeMethods.rocksdb_readoptions_set_iterate_lower_bound(handle, _lower, (nuint)key.Length);
        return this;
    }

    /// <summary>The key before which an iterator ends (exclusive). The bytes are copied.</summary>
    public ReadOptions SetIterateUpperBound(ReadOnlySpan<byte> key)
    {
        var handle = Changeable();
        NativeMemory.Free(_upper);
        _upper = Copy(key);
        NativeMethods.rocksdb_readoptions_set_iterate_upper_bound(handle, _upper, (nuint)key.Length);
        return this;
    }

    internal nint AddIterator()
    {
        lock (_gate)
        {
            var handle = Handle;
            _iterators++;
            return handle;
        }
    }

    internal void RemoveIterator(nint handle)
    {
        lock (_gate)
        {
            if (--_iterators == 0 && _freeWhenUnused)
            {
                Free(handle);
            }
        }
    }

    private protected override void Destroy(nint handle)
    {
        lock (_gate)
        {
            _freeWhenUnused = true;
            if (_iterators == 0)
            {
                Free(handle);
            }
        }
    }

    private void Free(nint handle)
    {
        NativeMethods.rocksdb_readoptions_destroy(handle);
        NativeMemory.Free(_lower);
        NativeMemory.Free(_upper);
        _lower = _upper = null;
    }

    private nint Changeable() => _iterators == 0
        ? Handle
        : throw new InvalidOperationException("These read options are in use by an open iterator; dispose it first, or use other options.");

    private static byte* Copy(ReadOnlySpan<byte> key)
    {
        // One byte at least: a null pointer would mean "no bound".
        var copy = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, key.Length));
        key.CopyTo(new Span<byte>(copy, key.Length));
        return copy;
    }

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;
}
