using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>A key space of its own inside a database. Belongs to its database, which frees it.</summary>
public sealed class ColumnFamilyHandle : DatabaseObject
{
    internal ColumnFamilyHandle(RocksDb database, string name, nint handle)
        : base(database, handle) => Name = name;

    /// <summary>The name of the family that every database has.</summary>
    public const string DefaultName = "default";

    /// <summary>The family's name.</summary>
    public string Name { get; }

    private protected override void DestroyNative(nint handle) => NativeMethods.rocksdb_column_family_handle_destroy(handle);
}
