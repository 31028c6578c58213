using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// Writes a table file outside a database, to be ingested: about a tenth of the price of putting the same keys one by one. Keys must come
/// in strictly ascending order. Not safe for several threads at once.
/// </summary>
public sealed unsafe class SstFileWriter : NativeObject
{
    private readonly nint _environment;
    private string _path = "";

    /// <summary>Creates a writer of files in the format that a column family with these options expects.</summary>
    public SstFileWriter(ColumnFamilyOptions options)
        : this(options, NativeMethods.rocksdb_envoptions_create())
    {
    }

    private SstFileWriter(ColumnFamilyOptions options, nint environment)
        : base(NativeMethods.rocksdb_sstfilewriter_create(environment, options.Handle)) => _environment = environment;

    /// <summary>Size in bytes of the file so far.</summary>
    public long FileSize
    {
        get
        {
            ulong size;
            NativeMethods.rocksdb_sstfilewriter_file_size(Handle, &size);
            return (long)size;
        }
    }

    /// <summary>Starts a file, replacing one of that name.</summary>
    public SstFileWriter Open(string path)
    {
        byte* error = null;
        fixed (byte* name = NativeText.Terminated(path))
        {
            NativeMethods.rocksdb_sstfilewriter_open(Handle, name, &error);
        }

        NativeText.Check(error, "open the table file", path);
        _path = path;
        return this;
    }

    /// <summary>Adds a key; greater than the one before.</summary>
    public SstFileWriter Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        byte* error = null;
        fixed (byte* k = key, v = value)
        {
            NativeMethods.rocksdb_sstfilewriter_put(Handle, k, (nuint)key.Length, v, (nuint)value.Length, &error);
        }

        NativeText.Check(error, "add a key to the table file", _path);
        return this;
    }

    /// <summary>Adds the removal of a key; greater than the one before.</summary>
    public SstFileWriter Delete(ReadOnlySpan<byte> key)
    {
        byte* error = null;
        fixed (byte* k = key)
        {
            NativeMethods.rocksdb_sstfilewriter_delete(Handle, k, (nuint)key.Length, &error);
        }

        NativeText.Check(error, "add a key to the table file", _path);
        return this;
    }

    /// <summary>Completes and syncs the file. It must hold at least one key.</summary>
    public void Finish()
    {
        byte* error = null;
        NativeMethods.rocksdb_sstfilewriter_finish(Handle, &error);
        NativeText.Check(error, "finish the table file", _path);
    }

    private protected override void Destroy(nint handle)
    {
        NativeMethods.rocksdb_sstfilewriter_destroy(handle);
        NativeMethods.rocksdb_envoptions_destroy(_environment);
    }
}
