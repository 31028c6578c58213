using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// What all task databases of a process share: the block cache and the options, so that memory is bounded once and not per store.
/// Created by the runtime, disposed after the last database is closed.
/// </summary>
internal sealed class RocksDbEnvironment : IDisposable
{
    /// <summary>Bytes that all block caches together take unless told otherwise.</summary>
    public const long DefaultBlockCacheBytes = 64L << 20;

    /// <summary>
    /// Bytes that the memtables of one database take unless told otherwise: Kafka Streams' 16 MiB, but per task and not per store.
    /// </summary>
    public const long DefaultMemtableBytes = 16L << 20;

    private readonly BlockBasedTableOptions _table;

    public RocksDbEnvironment(long blockCacheBytes = DefaultBlockCacheBytes, long memtableBytes = DefaultMemtableBytes)
    {
        BlockCache = Cache.CreateLru(blockCacheBytes);
        _table = new BlockBasedTableOptions()
            .SetBlockSize(4096).SetBloomFilter().SetBlockCache(BlockCache).SetCacheIndexAndFilterBlocks().SetFormatVersion(5);
        Database = new DbOptions()
            .SetCreateIfMissing().SetCreateMissingColumnFamilies().SetAtomicFlush().SetDbWriteBufferSize(memtableBytes)
            .SetMaxBackgroundJobs(2).SetMaxOpenFiles(-1).SetInfoLogLevel(2).SetKeepLogFileNum(2).SetMaxLogFileSize(1 << 20)
            .SetStatsDumpPeriodSec(0).SetSkipStatsUpdateOnOpen();
        Keyed = new ColumnFamilyOptions()
            .SetBlockBasedTableFactory(_table).SetCompression(Compression.No).SetWriteBufferSize(memtableBytes)
            .SetCompactionStyle(CompactionStyle.Level).SetLevelCompactionDynamicLevelBytes();
        Timed = new ColumnFamilyOptions()
            .SetBlockBasedTableFactory(_table).SetCompression(Compression.No).SetWriteBufferSize(memtableBytes)
            .SetCompactionStyle(CompactionStyle.Universal);
    }

    /// <summary>The cache of blocks of all databases.</summary>
    public Cache BlockCache { get; }

    /// <summary>Options of every database.</summary>
    public DbOptions Database { get; }

    /// <summary>Options of stores without expiry: levels, few stale bytes on disk.</summary>
    public ColumnFamilyOptions Keyed { get; }

    /// <summary>Options of stores with expiry: universal, since old rows leave as files and not by merging.</summary>
    public ColumnFamilyOptions Timed { get; }

    /// <summary>Writes that no log records: the changelog is the log.</summary>
    public WriteOptions Unlogged { get; } = new WriteOptions().DisableWal();

    /// <summary>The options of a store's family.</summary>
    public ColumnFamilyOptions OptionsOf(StoreDescriptor descriptor) => descriptor.IsTimed ? Timed : Keyed;

    /// <inheritdoc/>
    public void Dispose()
    {
        Unlogged.Dispose();
        Timed.Dispose();
        Keyed.Dispose();
        Database.Dispose();
        _table.Dispose();
        BlockCache.Dispose();
    }
}
