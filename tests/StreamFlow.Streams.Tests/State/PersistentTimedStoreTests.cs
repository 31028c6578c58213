using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;
using static StreamFlow.Streams.Tests.State.StateFixture;

namespace StreamFlow.Streams.Tests.State;

public sealed class PersistentTimedStoreTests
{
    private const long Minute = 60_000;

    private static PersistentTimedStore Fill(StateFixture state)
    {
        var store = state.Database.OpenTimed(state.Stores[0]);
        for (var minute = 0; minute < 6; minute++)
        {
            store.Put(W("k", minute * Minute), minute * Minute, B($"k{minute}"));
            store.Put(W("a", minute * Minute), minute * Minute, B($"a{minute}"));
        }

        return store;
    }

    private static string All(ITimedBytesStore store, bool descending = false) =>
        Read(store.Range([], [], 0, long.MaxValue, descending), keySuffix: 12);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Range_is_in_key_order_over_all_segments(bool committed)
    {
        using var state = new StateFixture(Window(2 * Minute));
        var store = Fill(state);
        if (committed)
        {
            Commit(state.Database);
        }

        Assert.Equal("a=a0 a=a1 a=a2 a=a3 a=a4 a=a5 k=k0 k=k1 k=k2 k=k3 k=k4 k=k5", All(store));
        Assert.Equal("k=k5 k=k4 k=k3 k=k2 k=k1 k=k0 a=a5 a=a4 a=a3 a=a2 a=a1 a=a0", All(store, descending: true));
        Assert.Equal("k=k2 k=k3", Read(store.Range(W("k", 2 * Minute), W("k", 4 * Minute), 2 * Minute, 3 * Minute), 12));
        Assert.Equal("k3", Get(store, "k", 3 * Minute));
    }

    [Fact]
    public void Expired_rows_are_gone_before_and_after_the_commit_and_cannot_be_put_again()
    {
        using var state = new StateFixture(Window(2 * Minute));
        var store = Fill(state);
        Commit(state.Database);
        store.ExpireBefore(3 * Minute);
        Assert.Null(Get(store, "k", 2 * Minute));
        Assert.Equal("a=a3 a=a4 a=a5 k=k3 k=k4 k=k5", All(store));
        store.Put(W("k", Minute), Minute, B("late"));
        Assert.Null(Get(store, "k", Minute));
        Commit(state.Database);
        Assert.Equal("a=a3 a=a4 a=a5 k=k3 k=k4 k=k5", All(store));
        state.Reopen();
        Assert.Equal("a=a3 a=a4 a=a5 k=k3 k=k4 k=k5", All(state.Database.OpenTimed(state.Stores[0])));
    }

    [Fact]
    public void Expiry_that_was_not_committed_is_not_kept()
    {
        using var state = new StateFixture(Window(2 * Minute));
        var store = Fill(state);
        Commit(state.Database);
        store.ExpireBefore(3 * Minute);
        state.Reopen();
        Assert.Equal("k0", Get(state.Database.OpenTimed(state.Stores[0]), "k", 0));
    }

    [Fact]
    public void Times_before_1970_are_kept_in_order()
    {
        using var state = new StateFixture(Window(2 * Minute));
        var store = state.Database.OpenTimed(state.Stores[0]);
        store.Put(W("k", -1), -1, B("before"));
        store.Put(W("k", 0), 0, B("after"));
        Commit(state.Database);
        Assert.Equal("before", Get(store, "k", -1));
        Assert.Equal("after", Get(store, "k", 0));
    }

    [Fact]
    public void The_newest_time_outlives_its_row()
    {
        using var state = new StateFixture(Window(2 * Minute));
        var store = Fill(state);
        Commit(state.Database);
        store.Delete(W("k", 5 * Minute), 5 * Minute);
        store.Delete(W("a", 5 * Minute), 5 * Minute);
        Commit(state.Database);

        state.Reopen();

        var reopened = state.Database.OpenTimed(state.Stores[0]);
        Assert.Equal(5 * Minute, reopened.NewestTime);
        Assert.Equal("a=a0 a=a1 a=a2 a=a3 a=a4 k=k0 k=k1 k=k2 k=k3 k=k4", All(reopened));
    }
}
