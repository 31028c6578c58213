using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>How blocks of table files are compressed. The numbers are RocksDB's and stand in its files.</summary>
public enum Compression
{
    /// <summary>Not at all: the default here, as in Kafka Streams; stores are mostly small and hot.</summary>
    No = 0,

    /// <summary>Snappy.</summary>
    Snappy = 1,

    /// <summary>Deflate.</summary>
    Zlib = 2,

    /// <summary>LZ4: for large stores on slow disks.</summary>
    Lz4 = 4,

    /// <summary>Zstandard: for the bottommost level when disk space matters.</summary>
    Zstd = 7,
}

/// <summary>How table files are merged.</summary>
public enum CompactionStyle
{
    /// <summary>Levels: fewer bytes on disk, for large stores with updates.</summary>
    Level = 0,

    /// <summary>Universal: fewer bytes written, Kafka Streams' default.</summary>
    Universal = 1,

    /// <summary>Oldest file first out.</summary>
    Fifo = 2,
}

/// <summary>Settings of a column family; a database's own options have them too, for its default family.</summary>
/// <typeparam name="TSelf">The concrete options class, for fluent calls.</typeparam>
public abstract class Options<TSelf> : NativeObject
    where TSelf : Options<TSelf>
{
    private protected Options()
        : base(NativeMethods.rocksdb_options_create())
    {
    }

    /// <summary>Size in bytes at which a memtable is flushed.</summary>
    public TSelf SetWriteBufferSize(long bytes)
    {
        NativeMethods.rocksdb_options_set_write_buffer_size(Handle, checked((nuint)bytes));
        return (TSelf)this;
    }

    /// <summary>How many memtables may exist before writes wait for flushes.</summary>
    public TSelf SetMaxWriteBufferNumber(int count)
    {
        NativeMethods.rocksdb_options_set_max_write_buffer_number(Handle, count);
        return (TSelf)this;
    }

    /// <summary>Compression of all levels.</summary>
    public TSelf SetCompression(Compression compression)
    {
        NativeMethods.rocksdb_options_set_compression(Handle, (int)compression);
        return (TSelf)this;
    }

    /// <summary>Compression of the last level alone.</summary>
    public TSelf SetBottommostCompression(Compression compression)
    {
        NativeMethods.rocksdb_options_set_bottommost_compression(Handle, (int)compression);
        return (TSelf)this;
    }

    /// <summary>How files are merged.</summary>
    public TSelf SetCompactionStyle(CompactionStyle style)
    {
        NativeMethods.rocksdb_options_set_compaction_style(Handle, (int)style);
        return (TSelf)this;
    }

    /// <summary>Switches background merging off, as during a bulk load.</summary>
    public TSelf SetDisableAutoCompactions(bool disable = true)
    {
        NativeMethods.rocksdb_options_set_disable_auto_compactions(Handle, disable ? 1 : 0);
        return (TSelf)this;
    }

    /// <summary>How many files of level 0 start a merge.</summary>
    public TSelf SetLevel0FileNumCompactionTrigger(int count)
    {
        NativeMethods.rocksdb_options_set_level0_file_num_compaction_trigger(Handle, count);
        return (TSelf)this;
    }

    /// <summary>Size in bytes of a table file of level 1.</summary>
    public TSelf SetTargetFileSizeBase(long bytes)
    {
        NativeMethods.rocksdb_options_set_target_file_size_base(Handle, checked((ulong)bytes));
        return (TSelf)this;
    }

    /// <summary>Lets level sizes follow the last level's: at most about 10% of the bytes on disk are stale.</summary>
    public TSelf SetLevelCompactionDynamicLevelBytes(bool dynamic = true)
    {
        NativeMethods.rocksdb_options_set_level_compaction_dynamic_level_bytes(Handle, dynamic ? (byte)1 : (byte)0);
        return (TSelf)this;
    }

    /// <summary>Block size, cache and filters. The settings are copied: the table options may be disposed afterwards.</summary>
    public TSelf SetBlockBasedTableFactory(BlockBasedTableOptions table)
    {
        NativeMethods.rocksdb_options_set_block_based_table_factory(Handle, table.Handle);
        return (TSelf)this;
    }

    private protected override void Destroy(nint handle) => NativeMethods.rocksdb_options_destroy(handle);
}
