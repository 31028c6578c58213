namespace StreamFlow.RocksDb;

/// <summary>
/// A native object that points into an open database: an iterator, a snapshot, a column family handle, a checkpoint. RocksDB requires that
/// all of them are gone before the database closes (a build with assertions aborts the process otherwise), so the database keeps a list of
/// them and frees what is left, youngest first, when it is disposed. Such objects have no finalizer: the garbage collector gives no order.
/// </summary>
public abstract class DatabaseObject : NativeObject
{
    private protected DatabaseObject(RocksDb database, nint handle)
        : base(handle)
    {
#pragma warning disable CA1816 // Not a dispose: the database frees this object, a finalizer would do so in no order.
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
        Database = database;
        Registration = database.Register(this);
    }

    /// <summary>The database this object reads.</summary>
    public RocksDb Database { get; }

    internal long Registration { get; }

    private protected sealed override void Destroy(nint handle)
    {
        DestroyNative(handle);
        Database.Unregister(this);
    }

    private protected abstract void DestroyNative(nint handle);
}
