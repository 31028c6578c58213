using System.Reflection;
using System.Runtime.InteropServices;

namespace StreamFlow.RocksDb.Native;

/// <summary>
/// RocksDB's C API (rocksdb/c.h), as far as the binding uses it. Every pointer is opaque; a <c>size_t</c> is <see cref="nuint"/>; an
/// <c>unsigned char</c> flag is <see cref="byte"/>; <c>errptr</c> receives a malloc'ed message that <c>rocksdb_free</c> gives back.
/// All signatures are blittable, so a call costs a transition and no marshalling.
/// </summary>
internal static unsafe partial class NativeMethods
{
    internal const string Library = "rocksdb";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library ? RocksDbLibrary.Handle : 0;

    [LibraryImport(Library)]
    internal static partial void rocksdb_free(void* pointer);

    // Database.
    [LibraryImport(Library)]
    internal static partial nint rocksdb_open(nint options, byte* path, byte** error);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_open_column_families(
        nint options, byte* path, int count, byte** names, nint* familyOptions, nint* handles, byte** error);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_open_for_read_only_column_families(
        nint options, byte* path, int count, byte** names, nint* familyOptions, nint* handles, byte failIfLogExists, byte** error);

    [LibraryImport(Library)]
    internal static partial byte** rocksdb_list_column_families(nint options, byte* path, nuint* count, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_list_column_families_destroy(byte** names, nuint count);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_create_column_family(nint db, nint options, byte* name, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_drop_column_family(nint db, nint family, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_column_family_handle_destroy(nint family);

    [LibraryImport(Library)]
    internal static partial void rocksdb_close(nint db);

    [LibraryImport(Library)]
    internal static partial void rocksdb_destroy_db(nint options, byte* path, byte** error);

    // Reads and writes.
    [LibraryImport(Library)]
    internal static partial nint rocksdb_get_pinned_cf(nint db, nint read, nint family, byte* key, nuint keyLength, byte** error);

    [LibraryImport(Library)]
    internal static partial byte* rocksdb_pinnableslice_value(nint slice, nuint* length);

    [LibraryImport(Library)]
    internal static partial void rocksdb_pinnableslice_destroy(nint slice);

    [LibraryImport(Library)]
    internal static partial void rocksdb_put_cf(
        nint db, nint write, nint family, byte* key, nuint keyLength, byte* value, nuint valueLength, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_delete_cf(nint db, nint write, nint family, byte* key, nuint keyLength, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_delete_range_cf(
        nint db, nint write, nint family, byte* start, nuint startLength, byte* end, nuint endLength, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_delete_file_in_range_cf(
        nint db, nint family, byte* start, nuint startLength, byte* limit, nuint limitLength, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_write(nint db, nint write, nint batch, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_flush_cf(nint db, nint flush, nint family, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_compact_range_cf(
        nint db, nint family, byte* start, nuint startLength, byte* limit, nuint limitLength);

    [LibraryImport(Library)]
    internal static partial byte* rocksdb_property_value_cf(nint db, nint family, byte* name);

    [LibraryImport(Library)]
    internal static partial int rocksdb_property_int_cf(nint db, nint family, byte* name, ulong* value);

    [LibraryImport(Library)]
    internal static partial ulong rocksdb_get_latest_sequence_number(nint db);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_create_snapshot(nint db);

    [LibraryImport(Library)]
    internal static partial void rocksdb_release_snapshot(nint db, nint snapshot);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_flushoptions_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_flushoptions_set_wait(nint options, byte wait);

    [LibraryImport(Library)]
    internal static partial void rocksdb_flushoptions_destroy(nint options);

    // Checkpoints and external files.
    [LibraryImport(Library)]
    internal static partial nint rocksdb_checkpoint_object_create(nint db, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_checkpoint_create(nint checkpoint, byte* path, ulong logSizeForFlush, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_checkpoint_object_destroy(nint checkpoint);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_envoptions_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_envoptions_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_sstfilewriter_create(nint environment, nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_open(nint writer, byte* path, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_put(
        nint writer, byte* key, nuint keyLength, byte* value, nuint valueLength, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_delete(nint writer, byte* key, nuint keyLength, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_finish(nint writer, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_file_size(nint writer, ulong* size);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_destroy(nint writer);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_ingestexternalfileoptions_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_ingestexternalfileoptions_set_move_files(nint options, byte move);

    [LibraryImport(Library)]
    internal static partial void rocksdb_ingestexternalfileoptions_set_allow_global_seqno(nint options, byte allow);

    [LibraryImport(Library)]
    internal static partial void rocksdb_ingestexternalfileoptions_set_snapshot_consistency(nint options, byte consistent);

    [LibraryImport(Library)]
    internal static partial void rocksdb_ingestexternalfileoptions_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_ingest_external_file_cf(
        nint db, nint family, byte** files, nuint count, nint options, byte** error);
}
