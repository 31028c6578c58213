using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// A frozen view of a database: reads with it see nothing written later. Holds back merging of what it sees; dispose it soon.
/// </summary>
public sealed class Snapshot : DatabaseObject
{
    internal Snapshot(RocksDb database, nint handle)
        : base(database, handle)
    {
    }

    private protected override void DestroyNative(nint handle) =>
        NativeMethods.rocksdb_release_snapshot(Database.Handle, handle);
}
