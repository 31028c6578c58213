using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// A cache of blocks, shared by the databases whose options name it. Reference counted by RocksDB: disposing it here while databases use
/// it only gives up this reference. Safe from any thread.
/// </summary>
public sealed class Cache : NativeObject
{
    private Cache(long capacityBytes)
        : base(NativeMethods.rocksdb_cache_create_lru(checked((nuint)capacityBytes)))
    {
    }

    /// <summary>Bytes the cache may hold; lowering it evicts.</summary>
    public long Capacity
    {
        get => (long)NativeMethods.rocksdb_cache_get_capacity(Handle);
        set => NativeMethods.rocksdb_cache_set_capacity(Handle, checked((nuint)value));
    }

    /// <summary>Bytes held now.</summary>
    public long Usage => (long)NativeMethods.rocksdb_cache_get_usage(Handle);

    /// <summary>Bytes that open iterators and pinned values keep from being evicted.</summary>
    public long PinnedUsage => (long)NativeMethods.rocksdb_cache_get_pinned_usage(Handle);

    /// <summary>Creates a cache that evicts what was not used longest.</summary>
    public static Cache CreateLru(long capacityBytes) => new(capacityBytes);

    private protected override void Destroy(nint handle) => NativeMethods.rocksdb_cache_destroy(handle);
}
