using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using StreamFlow.RocksDb.Native;

namespace StreamFlow.RocksDb;

/// <content>Reads, writes and upkeep. A null column family is the default one; null options are RocksDB's defaults.</content>
public sealed unsafe partial class RocksDb
{
    /// <summary>Reads a value without copying it. Dispose the result.</summary>
    /// <exception cref="RocksDbException">A block could not be read.</exception>
    public PinnedSlice GetPinned(ReadOnlySpan<byte> key, ColumnFamilyHandle? family = null, ReadOptions? options = null)
    {
        byte* error = null;
        nint slice;
        fixed (byte* k = key)
        {
            slice = NativeMethods.rocksdb_get_pinned_cf(
                Handle, (options ?? _defaultRead).Handle, (family ?? DefaultColumnFamily).Handle, k, (nuint)key.Length, &error);
        }

        NativeText.Check(error, "read from", Path);
        if (slice == 0)
        {
            return default;
        }

        Interlocked.Increment(ref _pinned);
        return new PinnedSlice(this, slice);
    }

    /// <summary>Reads a value into a buffer.</summary>
    /// <returns>False when the key is not there.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> value, ColumnFamilyHandle? family = null, ReadOptions? options = null)
    {
        using var slice = GetPinned(key, family, options);
        if (!slice.HasValue)
        {
            return false;
        }

        value.Write(slice.Span);
        return true;
    }

    /// <summary>Reads a value into an array of its own; null when the key is not there.</summary>
    public byte[]? Get(ReadOnlySpan<byte> key, ColumnFamilyHandle? family = null, ReadOptions? options = null)
    {
        using var slice = GetPinned(key, family, options);
        return slice.HasValue ? slice.Span.ToArray() : null;
    }

    /// <summary>True when the key is there.</summary>
    public bool HasKey(ReadOnlySpan<byte> key, ColumnFamilyHandle? family = null, ReadOptions? options = null)
    {
        using var slice = GetPinned(key, family, options);
        return slice.HasValue;
    }

    /// <summary>Sets a key.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ColumnFamilyHandle? family = null, WriteOptions? options = null)
    {
        byte* error = null;
        fixed (byte* k = key, v = value)
        {
            NativeMethods.rocksdb_put_cf(
                Handle, (options ?? _defaultWrite).Handle, (family ?? DefaultColumnFamily).Handle,
                k, (nuint)key.Length, v, (nuint)value.Length, &error);
        }

        NativeText.Check(error, "write to", Path);
    }

    /// <summary>Removes a key; one that is not there is no error.</summary>
    public void Remove(ReadOnlySpan<byte> key, ColumnFamilyHandle? family = null, WriteOptions? options = null)
    {
        byte* error = null;
        fixed (byte* k = key)
        {
            NativeMethods.rocksdb_delete_cf(
                Handle, (options ?? _defaultWrite).Handle, (family ?? DefaultColumnFamily).Handle, k, (nuint)key.Length, &error);
        }

        NativeText.Check(error, "delete from", Path);
    }

    /// <summary>Removes every key from <paramref name="start"/> on and before <paramref name="end"/>, by one marker.</summary>
    public void RemoveRange(
        ReadOnlySpan<byte> start, ReadOnlySpan<byte> end, ColumnFamilyHandle? family = null, WriteOptions? options = null)
    {
        byte* error = null;
        fixed (byte* s = start, e = end)
        {
            NativeMethods.rocksdb_delete_range_cf(
                Handle, (options ?? _defaultWrite).Handle, (family ?? DefaultColumnFamily).Handle,
                s, (nuint)start.Length, e, (nuint)end.Length, &error);
        }

        NativeText.Check(error, "delete a range from", Path);
    }

    /// <summary>Drops the files whose keys all lie from <paramref name="start"/> on and before <paramref name="limit"/>.</summary>
    /// <remarks>Frees disk at once and leaves other keys of the range: use with <see cref="RemoveRange"/>.</remarks>
    public void DeleteFilesInRange(ReadOnlySpan<byte> start, ReadOnlySpan<byte> limit, ColumnFamilyHandle? family = null)
    {
        byte* error = null;
        fixed (byte* s = start, l = limit)
        {
            NativeMethods.rocksdb_delete_file_in_range_cf(
                Handle, (family ?? DefaultColumnFamily).Handle, s, (nuint)start.Length, l, (nuint)limit.Length, &error);
        }

        NativeText.Check(error, "drop files of", Path);
    }

    /// <summary>Applies all changes of a batch, or none.</summary>
    public void Write(WriteBatch batch, WriteOptions? options = null)
    {
        byte* error = null;
        NativeMethods.rocksdb_write(Handle, (options ?? _defaultWrite).Handle, batch.Handle, &error);
        NativeText.Check(error, "write to", Path);
    }

    /// <summary>An iterator over a family as it is now. Dispose it.</summary>
    public Iterator NewIterator(ColumnFamilyHandle? family = null, ReadOptions? options = null)
    {
        var (database, familyHandle) = (Handle, (family ?? DefaultColumnFamily).Handle);
        var optionsHandle = options?.AddIterator() ?? _defaultRead.Handle;
        return new Iterator(
            this, NativeMethods.rocksdb_create_iterator_cf(database, optionsHandle, familyHandle), options, optionsHandle);
    }

    /// <summary>Freezes the present state for later reads. Dispose it.</summary>
    public Snapshot CreateSnapshot() => new(this, NativeMethods.rocksdb_create_snapshot(Handle));

    /// <summary>An object that makes copies of this database by hard links. Dispose it.</summary>
    public Checkpoint Checkpoint()
    {
        byte* error = null;
        var handle = NativeMethods.rocksdb_checkpoint_object_create(Handle, &error);
        NativeText.Check(error, "prepare a checkpoint of", Path);
        return new Checkpoint(this, handle);
    }

    /// <summary>Writes the memtables of the given families to disk, in the given order, and waits for it.</summary>
    /// <remarks>
    /// Each family is flushed for itself, even with atomic flush: list a family that says what the others hold (offsets) last, so that a
    /// crash in between leaves it behind the data, never ahead.
    /// </remarks>
    public void Flush(params ReadOnlySpan<ColumnFamilyHandle> families)
    {
        byte* error = null;
        var options = NativeMethods.rocksdb_flushoptions_create();
        try
        {
            NativeMethods.rocksdb_flushoptions_set_wait(options, 1);
            foreach (var family in families)
            {
                NativeMethods.rocksdb_flush_cf(Handle, options, family.Handle, &error);
                NativeText.Check(error, $"flush the column family {family.Name} of", Path);
            }
        }
        finally
        {
            NativeMethods.rocksdb_flushoptions_destroy(options);
        }
    }

    /// <summary>Adds complete table files to a family. Their keys win over those that are there.</summary>
    public void IngestExternalFiles(string[] files, IngestExternalFileOptions options, ColumnFamilyHandle? family = null)
    {
        byte* error = null;
        var pins = files.Select(file => GCHandle.Alloc(NativeText.Terminated(file), GCHandleType.Pinned)).ToArray();
        var names = pins.Select(pin => pin.AddrOfPinnedObject()).ToArray();
        try
        {
            fixed (nint* name = names)
            {
                NativeMethods.rocksdb_ingest_external_file_cf(
                    Handle, (family ?? DefaultColumnFamily).Handle, (byte**)name, (nuint)files.Length, options.Handle, &error);
            }
        }
        finally
        {
            Array.ForEach(pins, pin => pin.Free());
        }

        NativeText.Check(error, $"ingest {string.Join(", ", files)} into", Path);
    }

    /// <summary>Merges files now. Empty bounds mean from the first key, to the last.</summary>
    public void CompactRange(ReadOnlySpan<byte> start, ReadOnlySpan<byte> limit, ColumnFamilyHandle? family = null)
    {
        fixed (byte* s = start, l = limit)
        {
            NativeMethods.rocksdb_compact_range_cf(
                Handle, (family ?? DefaultColumnFamily).Handle, s, (nuint)start.Length, l, (nuint)limit.Length);
        }
    }

    /// <summary>A property such as <c>rocksdb.stats</c>; null when RocksDB knows none of that name.</summary>
    public string? GetProperty(string name, ColumnFamilyHandle? family = null)
    {
        fixed (byte* text = NativeText.Terminated(name))
        {
            var value = NativeMethods.rocksdb_property_value_cf(Handle, (family ?? DefaultColumnFamily).Handle, text);
            if (value is null)
            {
                return null;
            }

            var result = Marshal.PtrToStringUTF8((nint)value);
            NativeMethods.rocksdb_free(value);
            return result;
        }
    }

    /// <summary>A numeric property such as <c>rocksdb.estimate-num-keys</c>; null when RocksDB knows none of that name.</summary>
    public long? GetIntProperty(string name, ColumnFamilyHandle? family = null)
    {
        ulong value;
        fixed (byte* text = NativeText.Terminated(name))
        {
            return NativeMethods.rocksdb_property_int_cf(Handle, (family ?? DefaultColumnFamily).Handle, text, &value) == 0
                ? (long)value
                : null;
        }
    }

    /// <summary>The number of the latest change.</summary>
    public long LatestSequenceNumber => (long)NativeMethods.rocksdb_get_latest_sequence_number(Handle);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"RocksDb({Path})");
}
