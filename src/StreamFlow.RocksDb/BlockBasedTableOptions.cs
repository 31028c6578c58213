using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>Layout of table files and how their blocks are cached.</summary>
public sealed class BlockBasedTableOptions : NativeObject
{
    /// <summary>Creates RocksDB's defaults: 4 KiB blocks, no filter, a private 8 MiB cache.</summary>
    public BlockBasedTableOptions()
        : base(NativeMethods.rocksdb_block_based_options_create())
    {
    }

    /// <summary>Size in bytes of a data block before compression.</summary>
    public BlockBasedTableOptions SetBlockSize(long bytes)
    {
        NativeMethods.rocksdb_block_based_options_set_block_size(Handle, checked((nuint)bytes));
        return this;
    }

    /// <summary>The cache of blocks; one may serve every database of the process.</summary>
    public BlockBasedTableOptions SetBlockCache(Cache cache)
    {
        NativeMethods.rocksdb_block_based_options_set_block_cache(Handle, cache.Handle);
        return this;
    }

    /// <summary>No cache but the system's page cache.</summary>
    public BlockBasedTableOptions SetNoBlockCache(bool value = true)
    {
        NativeMethods.rocksdb_block_based_options_set_no_block_cache(Handle, Flag(value));
        return this;
    }

    /// <summary>Bloom filters over whole keys: a missing key costs about half a microsecond instead of three.</summary>
    /// <param name="bitsPerKey">10 gives about 1% false positives.</param>
    public BlockBasedTableOptions SetBloomFilter(double bitsPerKey = 10)
    {
        // The options take ownership of the policy.
        NativeMethods.rocksdb_block_based_options_set_filter_policy(
            Handle, NativeMethods.rocksdb_filterpolicy_create_bloom_full(bitsPerKey));
        NativeMethods.rocksdb_block_based_options_set_whole_key_filtering(Handle, 1);
        return this;
    }

    /// <summary>
    /// Puts index and filter blocks into the block cache, at high priority, so that the cache's capacity bounds them too.
    /// </summary>
    public BlockBasedTableOptions SetCacheIndexAndFilterBlocks(bool value = true)
    {
        NativeMethods.rocksdb_block_based_options_set_cache_index_and_filter_blocks(Handle, Flag(value));
        NativeMethods.rocksdb_block_based_options_set_cache_index_and_filter_blocks_with_high_priority(Handle, Flag(value));
        NativeMethods.rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(Handle, Flag(value));
        return this;
    }

    /// <summary>Version of the table format; 5 is read by RocksDB from 6.6 on.</summary>
    public BlockBasedTableOptions SetFormatVersion(int version)
    {
        NativeMethods.rocksdb_block_based_options_set_format_version(Handle, version);
        return this;
    }

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;

    private protected override void Destroy(nint handle) => NativeMethods.rocksdb_block_based_options_destroy(handle);
}
