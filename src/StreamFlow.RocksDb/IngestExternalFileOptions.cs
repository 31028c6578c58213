using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>How table files written by <see cref="SstFileWriter"/> enter a database.</summary>
public sealed class IngestExternalFileOptions : NativeObject
{
    /// <summary>Creates RocksDB's defaults: files are copied.</summary>
    public IngestExternalFileOptions()
        : base(NativeMethods.rocksdb_ingestexternalfileoptions_create())
    {
    }

    /// <summary>Links the files instead of copying them, and removes the originals.</summary>
    public IngestExternalFileOptions SetMoveFiles(bool move = true)
    {
        NativeMethods.rocksdb_ingestexternalfileoptions_set_move_files(Handle, move ? (byte)1 : (byte)0);
        return this;
    }

    /// <summary>Whether keys may be replaced in the view of open snapshots: false makes ingesting cheaper when none is open.</summary>
    public IngestExternalFileOptions SetSnapshotConsistency(bool consistent)
    {
        NativeMethods.rocksdb_ingestexternalfileoptions_set_snapshot_consistency(Handle, consistent ? (byte)1 : (byte)0);
        return this;
    }

    private protected override void Destroy(nint handle) => NativeMethods.rocksdb_ingestexternalfileoptions_destroy(handle);
}
