using System.Runtime.InteropServices;
using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <summary>
/// An open database. Reads and writes are safe from any thread; <see cref="Dispose"/> is not safe to race with them. One process (and one
/// object in it) may have a directory open for writing.
/// </summary>
/// <remarks>
/// Disposing closes in RocksDB's order: iterators and snapshots that are still open, then column families, then the database. A value that
/// is still pinned is a bug of the caller and makes <see cref="Dispose"/> throw before anything is closed.
/// </remarks>
public sealed unsafe partial class RocksDb : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, DatabaseObject> _objects = [];
    private readonly Dictionary<string, ColumnFamilyHandle> _families = new(StringComparer.Ordinal);
    private readonly ReadOptions _defaultRead = new();
    private readonly WriteOptions _defaultWrite = new();
    private long _nextRegistration;
    private int _pinned;
    private nint _handle;
    private bool _closing;

    private RocksDb(string path, nint handle, IReadOnlyList<string> names, nint[] families)
    {
        Path = path;
        _handle = handle;
        for (var i = 0; i < names.Count; i++)
        {
            _families.Add(names[i], new ColumnFamilyHandle(this, names[i], families[i]));
        }

        DefaultColumnFamily = _families[ColumnFamilyHandle.DefaultName];
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The family that every database has.</summary>
    public ColumnFamilyHandle DefaultColumnFamily { get; }

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Opens a database with its default column family only.</summary>
    /// <exception cref="RocksDbException">It cannot be opened: missing, damaged, locked, or it has other families.</exception>
    public static RocksDb Open(DbOptions options, string path)
    {
        using var family = new ColumnFamilyOptions();
        return Open(options, path, new ColumnFamilies(family));
    }

    /// <summary>Opens a database. Every family that exists must be listed (see <see cref="TryListColumnFamilies"/>).</summary>
    /// <exception cref="RocksDbException">It cannot be opened: missing, damaged, locked, or a family is not listed.</exception>
    public static RocksDb Open(DbOptions options, string path, ColumnFamilies families) => Open(options, path, families, readOnly: false);

    /// <summary>Opens a database for reading what is on disk; others may have it open.</summary>
    /// <exception cref="RocksDbException">It cannot be opened.</exception>
    public static RocksDb OpenReadOnly(DbOptions options, string path, ColumnFamilies families) =>
        Open(options, path, families, readOnly: true);

    /// <summary>The names of a database's column families.</summary>
    /// <returns>False when there is no database at the path.</returns>
    public static bool TryListColumnFamilies(DbOptions options, string path, out IReadOnlyList<string> names)
    {
        byte* error = null;
        nuint count = 0;
        byte** list;
        fixed (byte* directory = NativeText.Terminated(path))
        {
            list = NativeMethods.rocksdb_list_column_families(options.Handle, directory, &count, &error);
        }

        if (error is not null)
        {
            NativeMethods.rocksdb_free(error);
            names = [];
            return false;
        }

        var found = new string[(int)count];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = Marshal.PtrToStringUTF8((nint)list[i])!;
        }

        NativeMethods.rocksdb_list_column_families_destroy(list, count);
        names = found;
        return true;
    }

    /// <summary>Removes a database that nobody has open.</summary>
    /// <exception cref="RocksDbException">It is open, or a file cannot be removed.</exception>
    public static void DestroyDb(DbOptions options, string path)
    {
        byte* error = null;
        fixed (byte* directory = NativeText.Terminated(path))
        {
            NativeMethods.rocksdb_destroy_db(options.Handle, directory, &error);
        }

        NativeText.Check(error, "destroy", path);
    }

    /// <summary>Creates a column family.</summary>
    /// <exception cref="RocksDbException">It exists.</exception>
    public ColumnFamilyHandle CreateColumnFamily(ColumnFamilyOptions options, string name)
    {
        byte* error = null;
        nint handle;
        fixed (byte* text = NativeText.Terminated(name))
        {
            handle = NativeMethods.rocksdb_create_column_family(Handle, options.Handle, text, &error);
        }

        NativeText.Check(error, $"create the column family {name} in", Path);
        var family = new ColumnFamilyHandle(this, name, handle);
        lock (_gate)
        {
            _families.Add(name, family);
        }

        return family;
    }

    /// <summary>Removes a column family with all its keys and frees its handle.</summary>
    public void DropColumnFamily(string name)
    {
        byte* error = null;
        var family = GetColumnFamily(name);
        NativeMethods.rocksdb_drop_column_family(Handle, family.Handle, &error);
        NativeText.Check(error, $"drop the column family {name} of", Path);
        lock (_gate)
        {
            _families.Remove(name);
        }

        family.Dispose();
    }

    /// <summary>The open column family of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ColumnFamilyHandle GetColumnFamily(string name) =>
        TryGetColumnFamily(name, out var family)
            ? family
            : throw new KeyNotFoundException($"The database {Path} has no column family {name}.");

    /// <summary>The open column family of this name, if there is one.</summary>
    public bool TryGetColumnFamily(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ColumnFamilyHandle? family)
    {
        lock (_gate)
        {
            return _families.TryGetValue(name, out family);
        }
    }

    /// <summary>Frees iterators, snapshots and families, flushes memtables that no log covers, and closes the database.</summary>
    /// <exception cref="InvalidOperationException">A pinned value was not disposed; nothing was closed.</exception>
    public void Dispose()
    {
        DatabaseObject[] left;
        lock (_gate)
        {
            if (_handle == 0 || _closing)
            {
                return;
            }

            if (Volatile.Read(ref _pinned) is var pinned and > 0)
            {
                throw new InvalidOperationException($"The database {Path} cannot close: {pinned} pinned value(s) are still in use.");
            }

            _closing = true;
            left = [.. _objects.Values.Reverse()];
        }

        // Youngest first: iterators before the snapshots they read, everything before the families opened at the start.
        foreach (var item in left)
        {
            item.Dispose();
        }

        NativeMethods.rocksdb_close(_handle);
        _handle = 0;
        _defaultRead.Dispose();
        _defaultWrite.Dispose();
    }

    internal long Register(DatabaseObject item)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            var registration = _nextRegistration++;
            _objects.Add(registration, item);
            return registration;
        }
    }

    internal void Unregister(DatabaseObject item)
    {
        lock (_gate)
        {
            _objects.Remove(item.Registration);
        }
    }

    internal void Unpin() => Interlocked.Decrement(ref _pinned);

    private static RocksDb Open(DbOptions options, string path, ColumnFamilies families, bool readOnly)
    {
        byte* error = null;
        nint handle;
        var names = families.Select(family => family.Key).ToArray();
        var handles = new nint[names.Length];
        var familyOptions = families.Select(family => family.Value.Handle).ToArray();
        var pins = names.Select(name => GCHandle.Alloc(NativeText.Terminated(name), GCHandleType.Pinned)).ToArray();
        var pointers = pins.Select(pin => pin.AddrOfPinnedObject()).ToArray();
        try
        {
            fixed (byte* directory = NativeText.Terminated(path))
            fixed (nint* name = pointers, option = familyOptions, opened = handles)
            {
                handle = readOnly
                    ? NativeMethods.rocksdb_open_for_read_only_column_families(
                        options.Handle, directory, names.Length, (byte**)name, option, opened, 0, &error)
                    : NativeMethods.rocksdb_open_column_families(
                        options.Handle, directory, names.Length, (byte**)name, option, opened, &error);
            }
        }
        finally
        {
            Array.ForEach(pins, pin => pin.Free());
            GC.KeepAlive(families);
        }

        NativeText.Check(error, "open", path);
        return new RocksDb(path, handle, names, handles);
    }
}
