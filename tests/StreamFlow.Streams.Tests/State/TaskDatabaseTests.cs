using StreamFlow.Core.Topics;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;
using static StreamFlow.Streams.Tests.State.StateFixture;

namespace StreamFlow.Streams.Tests.State;

public sealed class TaskDatabaseTests
{
    [Fact]
    public void Reads_see_writes_before_the_commit_and_after_it()
    {
        using var state = new StateFixture(KeyValue());
        var store = state.Database.OpenBytes(state.Stores[0]);
        store.Put(B("a"), B("1"));
        Assert.Equal("1", Get(store, "a"));
        Commit(state.Database);
        Assert.Equal("1", Get(store, "a"));
        store.Delete(B("a"));
        Assert.Null(Get(store, "a"));
        Commit(state.Database);
        Assert.Null(Get(store, "a"));
    }

    [Fact]
    public void Range_merges_committed_and_uncommitted_rows_in_both_directions()
    {
        using var state = new StateFixture(KeyValue());
        var store = state.Database.OpenBytes(state.Stores[0]);
        foreach (var key in (string[])["a", "b", "c", "e", "g"])
        {
            store.Put(B(key), B("old"));
        }

        Commit(state.Database);
        store.Put(B("b"), B("new"));
        store.Delete(B("c"));
        store.Put(B("d"), B("new"));
        store.Delete(B("g"));
        store.Put(B("h"), B("new"));
        Assert.Equal("a=old b=new d=new e=old h=new", Read(store.Range([], [])));
        Assert.Equal("h=new e=old d=new b=new a=old", Read(store.Range([], [], descending: true)));
        Assert.Equal("b=new d=new", Read(store.Range(B("b"), B("e"))));
        Assert.Equal("d=new b=new", Read(store.Range(B("b"), B("e"), descending: true)));
        Assert.Equal("", Read(store.Range(B("f"), B("h"))));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Store_behaves_like_a_sorted_dictionary_when_commits_fall_at_random(int seed)
    {
        var random = new Random(seed);
        using var state = new StateFixture(KeyValue());
        var store = state.Database.OpenBytes(state.Stores[0]);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 3000; i++)
        {
            var key = random.Next(200).ToString("000", null);
            switch (random.Next(8))
            {
                case 0:
                    store.Delete(B(key));
                    model.Remove(key);
                    break;
                case 1 when random.Next(10) == 0:
                    Commit(state.Database, i);
                    break;
                case 2 when random.Next(10) == 0:
                    var to = random.Next(200).ToString("000", null);
                    var expected = model.Where(e => string.CompareOrdinal(e.Key, key) >= 0 && string.CompareOrdinal(e.Key, to) < 0).ToList();
                    Assert.Equal(string.Join(' ', expected.Select(e => $"{e.Key}={e.Value}")), Read(store.Range(B(key), B(to))));
                    expected.Reverse();
                    Assert.Equal(string.Join(' ', expected.Select(e => $"{e.Key}={e.Value}")), Read(store.Range(B(key), B(to), descending: true)));
                    break;
                default:
                    store.Put(B(key), B($"{i}"));
                    model[key] = $"{i}";
                    break;
            }

            Assert.Equal(model.GetValueOrDefault(key), Get(store, key));
        }
    }

    [Fact]
    public void Closing_without_a_commit_leaves_the_committed_state_and_its_position()
    {
        using var state = new StateFixture(KeyValue());
        var store = state.Database.OpenBytes(state.Stores[0]);
        store.Put(B("a"), B("1"));
        Commit(state.Database, 10);
        store.Put(B("a"), B("2"));
        state.Reopen();
        Assert.Equal("1", Get(state.Database.OpenBytes(state.Stores[0]), "a"));
        Assert.Equal(10, state.Database.PositionOf(Changelog));
        Assert.Null(state.Database.PositionOf(new TopicPartition("other", 0)));
    }

    [Fact]
    public void A_copy_taken_while_open_is_at_a_commit_point_with_its_position()
    {
        // What a crash leaves: the files, without what was only in memory. Nothing was flushed after the second commit.
        using var state = new StateFixture(KeyValue("a"), KeyValue("b"));
        var (a, b) = (state.Database.OpenBytes(state.Stores[0]), state.Database.OpenBytes(state.Stores[1]));
        a.Put(B("k"), B("1"));
        b.Put(B("k"), B("1"));
        Commit(state.Database, 1);
        state.Database.Flush();
        a.Put(B("k"), B("2"));
        b.Put(B("k"), B("2"));
        Commit(state.Database, 2);
        var copy = Path.Combine(state.Root, "copy");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Path.Combine(state.Root, "0_0")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        using var crashed = TaskDatabase.Open(state.Environment, copy, state.Stores);
        Assert.Equal(1, crashed.PositionOf(Changelog));
        Assert.Equal("1", Get(crashed.OpenBytes(state.Stores[0]), "k"));
        Assert.Equal("1", Get(crashed.OpenBytes(state.Stores[1]), "k"));
    }

    [Fact]
    public void A_store_that_the_topology_lost_is_dropped_and_one_it_gained_is_created()
    {
        using var state = new StateFixture(KeyValue("old"));
        state.Database.OpenBytes(state.Stores[0]).Put(B("k"), B("1"));
        Commit(state.Database);
        state.Stores[0] = KeyValue("new");
        state.Reopen();
        var store = state.Database.OpenBytes(state.Stores[0]);
        Assert.Null(Get(store, "k"));
        state.Stores[0] = KeyValue("old");
        state.Reopen();
        Assert.Null(Get(state.Database.OpenBytes(state.Stores[0]), "k"));
    }
}
