using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>Makes openable copies of a database by hard links, within one file system.</summary>
public sealed unsafe class Checkpoint : DatabaseObject
{
    internal Checkpoint(RocksDb database, nint handle)
        : base(database, handle)
    {
    }

    /// <summary>Flushes the memtables and links all files into a new directory.</summary>
    /// <param name="directory">A directory that does not exist yet.</param>
    /// <exception cref="RocksDbException">The directory exists or cannot be written.</exception>
    public void Save(string directory)
    {
        byte* error = null;
        fixed (byte* path = NativeText.Terminated(directory))
        {
            NativeMethods.rocksdb_checkpoint_create(Handle, path, 0, &error);
        }

        NativeText.Check(error, "save a checkpoint to", directory);
    }

    private protected override void DestroyNative(nint handle) => NativeMethods.rocksdb_checkpoint_object_destroy(handle);
}
