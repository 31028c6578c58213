using StreamFlow.Core.IO;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;
using static StreamFlow.Streams.Tests.State.StateFixture;

namespace StreamFlow.Streams.Tests.State;

public sealed class StoreRestorerTests
{
    private static StoreRestorer Restorer(StateFixture state, PersistentStore store) =>
        new(state.Database, store, Changelog, state.Environment, SystemFileSystem.Instance);

    [Fact]
    public void Last_value_of_a_key_wins_and_tombstones_remove()
    {
        using var state = new StateFixture(KeyValue());
        var store = state.Database.OpenBytes(state.Stores[0]);
        store.Put(B("c"), B("before"));
        Commit(state.Database);
        using (var restorer = Restorer(state, store))
        {
            Add(restorer, Batch(0, (B("a"), B("1"), 0), (B("b"), B("1"), 0), (B("a"), B("22"), 0)));
            Add(restorer, Batch(3, (B("b"), null, 0), (B("c"), null, 0), (B("d"), [], 0)));
            restorer.Complete(7);
            Assert.Equal(6, restorer.Restored);
        }

        Assert.Equal("a=22 d=", Read(store.Range([], [])));
        Assert.Equal(7, state.Database.PositionOf(Changelog));
    }

    [Fact]
    public void Restore_goes_on_where_the_committed_state_ends()
    {
        using var state = new StateFixture(KeyValue());
        Commit(state.Database, 2);
        var store = state.Database.OpenBytes(state.Stores[0]);
        using var restorer = Restorer(state, store);
        Assert.Equal(2, restorer.Position);
        Add(restorer, Batch(0, (B("a"), B("1"), 0), (B("b"), B("1"), 0), (B("c"), B("1"), 0)));
        restorer.Complete(3);
        Assert.Equal("c=1", Read(store.Range([], [])));
    }

    [Fact]
    public void What_the_task_will_take_as_input_stays_out()
    {
        using var state = new StateFixture(KeyValue());
        var store = state.Database.OpenBytes(state.Stores[0]);
        using var restorer = Restorer(state, store);
        Add(restorer, Batch(0, (B("a"), B("1"), 0), (B("b"), B("1"), 0), (B("a"), B("2"), 0)), limit: 2);
        restorer.Complete(2);
        Assert.Equal("a=1 b=1", Read(store.Range([], [])));
        Assert.Equal(2, state.Database.PositionOf(Changelog));
    }

    [Fact]
    public void Timestamped_rows_get_the_records_time_in_front()
    {
        using var state = new StateFixture(new StoreDescriptor { Name = "t", Kind = StoreKind.TimestampedKeyValue });
        var store = state.Database.OpenBytes(state.Stores[0]);
        using var restorer = Restorer(state, store);
        Add(restorer, Batch(0, (B("a"), B("v"), 0x0102)));
        restorer.Complete(1);
        using var rows = store.Range([], []);
        Assert.True(rows.MoveNext());
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 2, (byte)'v'], rows.Value.ToArray());
    }

    [Fact]
    public void Window_rows_past_the_retention_are_not_restored()
    {
        using var state = new StateFixture(Window(120_000));
        var store = state.Database.OpenTimed(state.Stores[0]);
        using var restorer = Restorer(state, store);
        Add(restorer, Batch(0, (W("k", 600_000), B("new"), 0), (W("k", 0), B("old"), 0), (W("k", 540_000), B("kept"), 0)));
        restorer.Complete(3);
        Assert.Equal("k=kept k=new", Read(store.Range([], [], 0, long.MaxValue), 12));
        Assert.Equal("new", Get(store, "k", 600_000));
    }

    [Fact]
    public void Large_restores_enter_as_table_files_over_what_is_there()
    {
        using var state = new StateFixture(KeyValue());
        var store = state.Database.OpenBytes(state.Stores[0]);
        store.Put(B("key-00000001"), B("before"));
        Commit(state.Database);
        using (var restorer = Restorer(state, store))
        {
            for (var from = 0; from < 60_000; from += 1000)
            {
                Add(restorer, Batch(from, [.. Enumerable.Range(from, 1000).Select(i => (B($"key-{i * 7919 % 30_000:00000000}"), (byte[]?)B($"{i}"), 0L))]));
            }

            restorer.Complete(60_000);
        }

        Assert.Equal("30000", Get(store, "key-00000000"));
        using var rows = store.Range([], []);
        var count = 0;
        while (rows.MoveNext())
        {
            count++;
        }

        Assert.Equal(30_000, count);
        Assert.Empty(Directory.GetFiles(state.Root, "*.restore"));
    }
}
