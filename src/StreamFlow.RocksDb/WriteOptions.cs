using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>How a write is made durable.</summary>
public sealed class WriteOptions : NativeObject
{
    /// <summary>Creates RocksDB's defaults: write-ahead log on, not synced.</summary>
    public WriteOptions()
        : base(NativeMethods.rocksdb_writeoptions_create())
    {
    }

    /// <summary>Switches the write-ahead log off: a crash loses what was not flushed. For stores that have a changelog elsewhere.</summary>
    public WriteOptions DisableWal(bool disable = true)
    {
        NativeMethods.rocksdb_writeoptions_disable_WAL(Handle, disable ? 1 : 0);
        return this;
    }

    /// <summary>Waits until the write-ahead log is on disk.</summary>
    public WriteOptions SetSync(bool sync = true)
    {
        NativeMethods.rocksdb_writeoptions_set_sync(Handle, sync ? (byte)1 : (byte)0);
        return this;
    }

    private protected override void Destroy(nint handle) => NativeMethods.rocksdb_writeoptions_destroy(handle);
}
