using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// Settings of a database, and of its default column family. Copied when it opens: may be shared and disposed afterwards.
/// </summary>
public sealed class DbOptions : Options<DbOptions>
{
    /// <summary>Creates an empty database when there is none.</summary>
    public DbOptions SetCreateIfMissing(bool value = true)
    {
        NativeMethods.rocksdb_options_set_create_if_missing(Handle, Flag(value));
        return this;
    }

    /// <summary>Creates the column families that are asked for and do not exist.</summary>
    public DbOptions SetCreateMissingColumnFamilies(bool value = true)
    {
        NativeMethods.rocksdb_options_set_create_missing_column_families(Handle, Flag(value));
        return this;
    }

    /// <summary>Refuses to open a database that exists.</summary>
    public DbOptions SetErrorIfExists(bool value = true)
    {
        NativeMethods.rocksdb_options_set_error_if_exists(Handle, Flag(value));
        return this;
    }

    /// <summary>
    /// Memtables of all families reach disk together. With the write-ahead log off this makes what survives a crash a prefix of the
    /// batches written, across families.
    /// </summary>
    public DbOptions SetAtomicFlush(bool value = true)
    {
        NativeMethods.rocksdb_options_set_atomic_flush(Handle, Flag(value));
        return this;
    }

    /// <summary>Bytes that the memtables of all families may hold together; 0 = no common bound.</summary>
    public DbOptions SetDbWriteBufferSize(long bytes)
    {
        NativeMethods.rocksdb_options_set_db_write_buffer_size(Handle, checked((nuint)bytes));
        return this;
    }

    /// <summary>How many table files stay open; -1 = all.</summary>
    public DbOptions SetMaxOpenFiles(int count)
    {
        NativeMethods.rocksdb_options_set_max_open_files(Handle, count);
        return this;
    }

    /// <summary>How many flushes and compactions may run at once (the threads are the process's, shared by its databases).</summary>
    public DbOptions SetMaxBackgroundJobs(int count)
    {
        NativeMethods.rocksdb_options_set_max_background_jobs(Handle, count);
        return this;
    }

    /// <summary>Seconds between dumps of statistics into RocksDB's own log file; 0 = never.</summary>
    public DbOptions SetStatsDumpPeriodSec(int seconds)
    {
        NativeMethods.rocksdb_options_set_stats_dump_period_sec(Handle, checked((uint)seconds));
        NativeMethods.rocksdb_options_set_stats_persist_period_sec(Handle, checked((uint)seconds));
        return this;
    }

    /// <summary>How many old files of RocksDB's own log are kept.</summary>
    public DbOptions SetKeepLogFileNum(int count)
    {
        NativeMethods.rocksdb_options_set_keep_log_file_num(Handle, checked((nuint)count));
        return this;
    }

    /// <summary>Size in bytes at which RocksDB's own log starts a new file.</summary>
    public DbOptions SetMaxLogFileSize(long bytes)
    {
        NativeMethods.rocksdb_options_set_max_log_file_size(Handle, checked((nuint)bytes));
        return this;
    }

    /// <summary>What RocksDB's own log records: 0 debug, 1 info, 2 warn, 3 error, 4 fatal.</summary>
    public DbOptions SetInfoLogLevel(int level)
    {
        NativeMethods.rocksdb_options_set_info_log_level(Handle, level);
        return this;
    }

    /// <summary>
    /// Skips reading table properties at open, which costs one read a file; compaction choices are a little less informed.
    /// </summary>
    public DbOptions SetSkipStatsUpdateOnOpen(bool value = true)
    {
        NativeMethods.rocksdb_options_set_skip_stats_update_on_db_open(Handle, Flag(value));
        return this;
    }

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;
}
