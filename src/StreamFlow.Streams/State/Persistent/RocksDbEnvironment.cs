using StreamFlow.Core.Memory;
using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// What all task databases of an application share: the options, and the block cache of the process, so that memory is bounded once and
/// not per store.
/// Created by the runtime, disposed after the last database is closed.
/// </summary>
internal sealed class RocksDbEnvironment : IDisposable
{
    /// <summary>
    /// Bytes that the memtables of one database take unless told otherwise: Kafka Streams' 16 MiB, but per task and not per store.
    /// </summary>
    public const long DefaultMemtableBytes = 16L << 20;

    private readonly BlockBasedTableOptions _table;

    /// <summary>Creates the options.</summary>
    /// <param name="memory">What blocks and memtables draw on; null for the budget of the process.</param>
    /// <param name="memtableBytes">The most that memtables of one database take.</param>
    public RocksDbEnvironment(MemoryBudget? memory = null, long memtableBytes = DefaultMemtableBytes)
    {
        Memory = memory ?? MemoryBudget.Process;
        MemtableBytes = Math.Min(memtableBytes, Memory[MemoryUse.Memtable].Capacity / 4);
        memtableBytes = MemtableBytes;
        _table = new BlockBasedTableOptions()
            .SetBlockSize(4096).SetBloomFilter().SetBlockCache(SharedBlockCache.Of(Memory)).SetCacheIndexAndFilterBlocks()
            .SetFormatVersion(5);
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

    /// <summary>What blocks and memtables draw on.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>Bytes at which a database writes its memtables to files.</summary>
    public long MemtableBytes { get; }

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
    }
}
