using StreamFlow.Core.Memory;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;
using static StreamFlow.Streams.Tests.State.StateFixture;

namespace StreamFlow.Streams.Tests.State;

/// <summary>Store caches and memtables within a small memory budget: they are flushed early, and nothing is lost.</summary>
public sealed class CacheRoomTests
{
    private readonly MemoryBudget _budget = new(MemoryBudget.Smallest);

    [Fact]
    public void Cache_is_written_down_early_and_every_row_is_still_found()
    {
        var share = _budget[MemoryUse.StoreCache];
        var bytes = new CountedStore();
        using var rows = Rows(bytes);
        var value = new string('v', 1000);
        rows.Put("learn", true, value, 0);
        rows.Flush();
        for (var i = 0; i < 20_000; i++)
        {
            rows.Put($"k{i}", true, $"{i}{value}", i);
            Assert.InRange(share.Used, 0, share.Capacity);
        }

        Assert.True(bytes.Puts > 10_000, $"{bytes.Puts} rows were written before the flush");
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Equal($"{i}{value}", rows.Get($"k{i}").Value);
        }
    }

    [Fact]
    public void Cache_that_holds_more_than_its_part_yields_to_one_that_was_refused()
    {
        var share = _budget[MemoryUse.StoreCache];
        using var large = Rows(new MemoryBytesStore());
        using var small = Rows(new MemoryBytesStore());
        Fill(large, 100_000);
        var heldByLarge = share.Used;
        Fill(small, 100_000);
        large.Flush();
        Assert.InRange(share.Used, 0, heldByLarge - 1);
        Assert.Equal("17", large.Get("k17").Value);
        Assert.Equal("99999", small.Get("k99999").Value);
    }

    [Fact]
    public void Closed_stores_give_everything_back()
    {
        var rows = Rows(new MemoryBytesStore());
        Fill(rows, 1000);
        Assert.NotEqual(0, _budget[MemoryUse.StoreCache].Used);
        rows.Dispose();
        Assert.Equal(0, _budget[MemoryUse.StoreCache].Used);
    }

    [Fact]
    public void Memtables_are_written_to_files_when_their_part_of_the_budget_is_full()
    {
        var root = Directory.CreateTempSubdirectory("streamflow-memtables-").FullName;
        using (var environment = new RocksDbEnvironment(_budget))
        {
            var databases = Enumerable.Range(0, 6)
                .Select(i => TaskDatabase.Open(environment, Path.Combine(root, $"0_{i}"), [KeyValue()])).ToList();
            var stores = databases.Select(d => d.OpenBytes(KeyValue())).ToList();
            var share = _budget[MemoryUse.Memtable];
            for (var commit = 0; commit < 50; commit++)
            {
                for (var i = 0; i < databases.Count; i++)
                {
                    for (var row = 0; row < 10; row++)
                    {
                        stores[i].Put(B($"{commit}-{row}"), new byte[4000]);
                    }

                    Commit(databases[i], commit);
                    Assert.InRange(share.Used, 0, share.Capacity);
                }
            }

            Assert.All(stores, s => Assert.NotNull(Get(s, "49-9")));
            Assert.All(stores, s => Assert.NotNull(Get(s, "0-0")));
            databases.ForEach(d => d.Dispose());
            Assert.Equal(0, share.Used);
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void Databases_of_one_budget_share_one_block_cache()
    {
        using var one = new RocksDbEnvironment(_budget);
        using var two = new RocksDbEnvironment(_budget);
        Assert.Same(SharedBlockCache.Of(_budget), SharedBlockCache.Of(one.Memory));
        Assert.Equal(_budget[MemoryUse.BlockCache].Capacity, SharedBlockCache.Of(two.Memory).Capacity);
    }

    private static void Fill(KeyValueRows<string, string> rows, int count)
    {
        for (var i = 0; i < count; i++)
        {
            rows.Put($"k{i}", true, $"{i}", i);
        }
    }

    private KeyValueRows<string, string> Rows(IBytesStore bytes) => new(
        KeyValue(), new StoreSerdes<string, string>(Serdes.String, Serdes.String, "changelog"), bytes, null,
        new CacheRoom(new TaskOptions { ApplicationId = "app", Memory = _budget }));

    private sealed class CountedStore : IBytesStore
    {
        private readonly IBytesStore _inner = new MemoryBytesStore();

        public int Puts { get; private set; }

        public bool TryGet(ReadOnlySpan<byte> key, System.Buffers.IBufferWriter<byte> value) => _inner.TryGet(key, value);

        public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            Puts++;
            _inner.Put(key, value);
        }

        public void Delete(ReadOnlySpan<byte> key) => _inner.Delete(key);

        public IBytesIterator Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, bool descending = false) =>
            _inner.Range(from, to, descending);

        public void Dispose() => _inner.Dispose();
    }
}
