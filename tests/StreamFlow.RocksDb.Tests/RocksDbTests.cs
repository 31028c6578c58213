using System.Text;

namespace StreamFlow.RocksDb.Tests;

public sealed class RocksDbTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DbOptions _options = new DbOptions().SetCreateIfMissing().SetCreateMissingColumnFamilies().SetAtomicFlush();
    private readonly ColumnFamilyOptions _family = new();
    private readonly WriteOptions _noWal = new WriteOptions().DisableWal();

    private static ReadOnlySpan<byte> B(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose()
    {
        _options.Dispose();
        _family.Dispose();
        _noWal.Dispose();
        _directory.Dispose();
    }

    private RocksDb Open(params string[] families)
    {
        var list = new ColumnFamilies(_family);
        foreach (var name in families)
        {
            list.Add(name, _family);
        }

        return RocksDb.Open(_options, _directory.File("db"), list);
    }

    [Fact]
    public void Get_returns_what_was_put_and_null_when_removed()
    {
        using var db = Open();
        db.Put(B("k"), B("v"));
        Assert.Equal("v"u8.ToArray(), db.Get(B("k")));
        db.Remove(B("k"));
        Assert.Null(db.Get(B("k")));
        Assert.False(db.HasKey(B("k")));
    }

    [Fact]
    public void Pinned_value_is_read_in_place_and_empty_differs_from_missing()
    {
        using var db = Open();
        db.Put(B("empty"), []);
        using (var slice = db.GetPinned(B("empty")))
        {
            Assert.True(slice.HasValue);
            Assert.Equal(0, slice.Span.Length);
        }

        using var missing = db.GetPinned(B("missing"));
        Assert.False(missing.HasValue);
    }

    [Fact]
    public void Dispose_refuses_while_a_value_is_pinned()
    {
        var db = Open();
        db.Put(B("k"), B("v"));
        var slice = db.GetPinned(B("k"));
        Assert.Throws<InvalidOperationException>(db.Dispose);
        Assert.Equal("v"u8.ToArray(), slice.Span.ToArray());
        slice.Dispose();
        db.Dispose();
        Assert.Throws<ObjectDisposedException>(() => db.Get(B("k")));
    }

    [Fact]
    public void Dispose_frees_live_iterators_and_snapshots_first()
    {
        var db = Open("a");
        db.Put(B("k"), B("v"), db.GetColumnFamily("a"));
        var snapshot = db.CreateSnapshot();
        using var read = new ReadOptions().SetSnapshot(snapshot);
        var iterator = db.NewIterator(db.GetColumnFamily("a"), read).SeekToFirst();
        Assert.True(iterator.IsValid);
        db.Dispose();
        Assert.True(iterator.IsDisposed);
        Assert.True(snapshot.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => iterator.Next());
    }

    [Fact]
    public void Column_families_are_separate_and_survive_reopening()
    {
        using (var db = Open("a", "b"))
        {
            db.Put(B("k"), B("in a"), db.GetColumnFamily("a"));
            db.Put(B("k"), B("in b"), db.GetColumnFamily("b"));
            db.CreateColumnFamily(_family, "c");
            db.DropColumnFamily("b");
        }

        Assert.True(RocksDb.TryListColumnFamilies(_options, _directory.File("db"), out var names));
        Assert.Equal(["default", "a", "c"], names);
        using var again = Open("a", "c");
        Assert.Equal("in a"u8.ToArray(), again.Get(B("k"), again.GetColumnFamily("a")));
        Assert.Null(again.Get(B("k"), again.GetColumnFamily("c")));
    }

    [Fact]
    public void Listing_says_false_when_there_is_no_database() =>
        Assert.False(RocksDb.TryListColumnFamilies(_options, _directory.File("nothing"), out _));

    [Fact]
    public void Batch_is_applied_as_a_whole_and_can_be_reused()
    {
        using var db = Open("a");
        using var batch = new WriteBatch();
        var a = db.GetColumnFamily("a");
        db.Put(B("gone"), B("x"), a);
        batch.Put(B("k1"), B("1"), a).Put(B("k2"), B("2"), db.DefaultColumnFamily).Delete(B("gone"), a);
        Assert.Equal(3, batch.Count);
        db.Write(batch, _noWal);
        Assert.Equal("1"u8.ToArray(), db.Get(B("k1"), a));
        Assert.Equal("2"u8.ToArray(), db.Get(B("k2")));
        Assert.Null(db.Get(B("gone"), a));
        batch.Clear().DeleteRange(B("k"), B("k9"), a);
        db.Write(batch, _noWal);
        Assert.Null(db.Get(B("k1"), a));
    }

    [Fact]
    public void Iterator_stays_within_its_bounds_in_both_directions()
    {
        using var db = Open();
        foreach (var key in "abcdef")
        {
            db.Put(B(key.ToString()), B(key.ToString()));
        }

        using var read = new ReadOptions().SetIterateLowerBound(B("b")).SetIterateUpperBound(B("e"));
        using var iterator = db.NewIterator(options: read);
        var seen = "";
        for (iterator.SeekToFirst(); iterator.IsValid; iterator.Next())
        {
            seen += Encoding.UTF8.GetString(iterator.Key);
        }

        iterator.ThrowIfFailed();
        Assert.Equal("bcd", seen);
        seen = "";
        for (iterator.SeekToLast(); iterator.IsValid; iterator.Prev())
        {
            seen += Encoding.UTF8.GetString(iterator.Value);
        }

        Assert.Equal("dcb", seen);
        Assert.Equal("c", Encoding.UTF8.GetString(iterator.Seek(B("bb")).Key));
        Assert.Equal("b", Encoding.UTF8.GetString(iterator.SeekForPrev(B("bb")).Key));
    }

    [Fact]
    public void Read_options_outlive_their_dispose_until_the_iterator_is_gone()
    {
        using var db = Open();
        db.Put(B("a"), B("1"));
        db.Put(B("b"), B("2"));
        var read = new ReadOptions().SetIterateUpperBound(B("b"));
        using var iterator = db.NewIterator(options: read);
        Assert.Throws<InvalidOperationException>(() => read.SetFillCache(false));
        read.Dispose();
        Assert.True(iterator.SeekToFirst().IsValid);
        Assert.False(iterator.Next().IsValid);
    }

    [Fact]
    public void Snapshot_does_not_see_later_writes()
    {
        using var db = Open();
        db.Put(B("k"), B("1"));
        using var snapshot = db.CreateSnapshot();
        using var read = new ReadOptions().SetSnapshot(snapshot);
        db.Put(B("k"), B("2"));
        Assert.Equal("1"u8.ToArray(), db.Get(B("k"), options: read));
        Assert.Equal("2"u8.ToArray(), db.Get(B("k")));
    }

    [Fact]
    public void Ingested_files_win_over_older_keys()
    {
        using var db = Open("a");
        var a = db.GetColumnFamily("a");
        db.Put(B("k1"), B("old"), a);
        db.Put(B("k3"), B("kept"), a);
        using var writer = new SstFileWriter(_family);
        writer.Open(_directory.File("x.sst")).Put(B("k1"), B("new")).Put(B("k2"), B("new"));
        writer.Finish();
        using var ingest = new IngestExternalFileOptions().SetMoveFiles();
        db.IngestExternalFiles([_directory.File("x.sst")], ingest, a);
        Assert.Equal("new"u8.ToArray(), db.Get(B("k1"), a));
        Assert.Equal("new"u8.ToArray(), db.Get(B("k2"), a));
        Assert.Equal("kept"u8.ToArray(), db.Get(B("k3"), a));
    }

    [Fact]
    public void Table_writer_refuses_keys_out_of_order()
    {
        using var writer = new SstFileWriter(_family);
        writer.Open(_directory.File("x.sst")).Put(B("b"), B("1"));
        Assert.Throws<RocksDbException>(() => writer.Put(B("a"), B("2")));
    }

    [Fact]
    public void Dropping_files_of_a_range_frees_them_and_leaves_other_keys()
    {
        using var db = Open("a");
        var a = db.GetColumnFamily("a");
        for (var segment = 0; segment < 3; segment++)
        {
            for (var i = 0; i < 100; i++)
            {
                db.Put(B($"{segment}-{i:000}"), new byte[100], a, _noWal);
            }

            db.Flush(a);
        }

        db.CompactRange([], [], a);
        db.RemoveRange(B("0"), B("2"), a, _noWal);
        db.DeleteFilesInRange(B("0"), B("2"), a);
        Assert.Null(db.Get(B("0-000"), a));
        Assert.Null(db.Get(B("1-099"), a));
        Assert.NotNull(db.Get(B("2-000"), a));
    }

    [Fact]
    public void Checkpoint_is_a_database_of_its_own()
    {
        using var db = Open("a");
        db.Put(B("k"), B("1"), db.GetColumnFamily("a"), _noWal);
        using (var checkpoint = db.Checkpoint())
        {
            checkpoint.Save(_directory.File("copy"));
        }

        db.Put(B("k"), B("2"), db.GetColumnFamily("a"), _noWal);
        using var copy = RocksDb.Open(_options, _directory.File("copy"), new ColumnFamilies(_family) { { "a", _family } });
        Assert.Equal("1"u8.ToArray(), copy.Get(B("k"), copy.GetColumnFamily("a")));
    }

    [Fact]
    public void Unlogged_writes_survive_a_clean_close()
    {
        using (var db = Open("a"))
        {
            db.Put(B("k"), B("1"), db.GetColumnFamily("a"), _noWal);
        }

        using var again = Open("a");
        Assert.Equal("1"u8.ToArray(), again.Get(B("k"), again.GetColumnFamily("a")));
    }

    [Fact]
    public void Opening_twice_says_that_it_is_locked()
    {
        using var db = Open();
        var error = Assert.Throws<RocksDbException>(() => Open());
        Assert.True(error.IsLocked, error.Message);
        Assert.Contains(_directory.File("db"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_table_file_is_reported_as_corruption()
    {
        using (var db = Open())
        {
            for (var i = 0; i < 1000; i++)
            {
                db.Put(B($"key-{i:0000}"), B($"value-{i}"), options: _noWal);
            }
        }

        var table = Directory.GetFiles(_directory.File("db"), "*.sst").Single();
        var bytes = File.ReadAllBytes(table);
        for (var i = 100; i < 140; i++)
        {
            bytes[i] ^= 0x5a;
        }

        File.WriteAllBytes(table, bytes);
        using var again = Open();
        var error = Assert.Throws<RocksDbException>(() => again.Get(B("key-0000")));
        Assert.True(error.IsCorruption, error.Message);
    }

    [Fact]
    public void Properties_and_shared_cache_can_be_read()
    {
        using var cache = Cache.CreateLru(1 << 20);
        using var table = new BlockBasedTableOptions().SetBlockCache(cache).SetBloomFilter().SetCacheIndexAndFilterBlocks();
        using var family = new ColumnFamilyOptions().SetBlockBasedTableFactory(table).SetCompression(Compression.No);
        using (var db = RocksDb.Open(_options, _directory.File("cached"), new ColumnFamilies(family)))
        {
            db.Put(B("k"), B("v"), options: _noWal);
            db.Flush(db.DefaultColumnFamily);
            Assert.NotNull(db.Get(B("k")));
            Assert.Equal(1, db.GetIntProperty("rocksdb.estimate-num-keys"));
            Assert.Null(db.GetIntProperty("rocksdb.no-such-thing"));
            Assert.NotNull(db.GetProperty("rocksdb.stats"));
            Assert.True(cache.Usage > 0);
        }

        Assert.Equal(1 << 20, cache.Capacity);
    }

    [Fact]
    public void Gets_of_pinned_values_allocate_nothing()
    {
        using var db = Open();
        db.Put(B("k"), B("v"));
        var key = B("k");
        Touch(db, key);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Touch(db, key);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Touch(RocksDb db, ReadOnlySpan<byte> key)
        {
            using var slice = db.GetPinned(key);
            Assert.True(slice.HasValue);
        }
    }
}
