using StreamFlow.Storage.Flushing;

namespace StreamFlow.Storage.Tests.Flushing;

public sealed class FlushPacingTests
{
    private readonly FlushPacing _pacing = new();

    [Fact]
    public void First_sync_waits_for_nobody() => Assert.Equal(1, _pacing.Wanted);

    [Fact]
    public void One_who_asks_again_and_again_is_never_kept_waiting()
    {
        for (var i = 0; i < 100; i++)
        {
            _pacing.OnSynced(answered: 1, waiting: 0);
            Assert.Equal(1, _pacing.Wanted);
        }
    }

    [Fact]
    public void Sync_waits_for_those_answered_and_those_who_came_meanwhile()
    {
        _pacing.OnSynced(answered: 1, waiting: 4);
        Assert.Equal(5, _pacing.Wanted);
        _pacing.OnSynced(answered: 5, waiting: 0);
        Assert.Equal(5, _pacing.Wanted);
    }

    [Fact]
    public void Those_who_do_not_come_back_are_waited_for_ever_more_seldom()
    {
        var unpaced = new List<int>();
        for (var miss = 0; miss < 16; miss++)
        {
            // One more comes while each sync runs and does not come back: two are wanted, one is there.
            var syncs = 0;
            for (_pacing.OnSynced(1, 1); _pacing.Wanted == 1; syncs++)
            {
                _pacing.OnSynced(1, 1);
            }

            unpaced.Add(syncs);
        }

        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 4096, 4096], unpaced);
    }

    [Fact]
    public void Those_who_come_back_are_waited_for_again()
    {
        _pacing.OnSynced(1, 1);
        _pacing.OnSynced(1, 1);
        Assert.Equal(1, _pacing.Wanted);
        _pacing.OnSynced(1, 1);
        Assert.Equal(2, _pacing.Wanted);
        for (var i = 0; i < 10; i++)
        {
            _pacing.OnSynced(2, 0);
        }

        // A single miss costs one sync again, as the first did.
        _pacing.OnSynced(1, 1);
        Assert.Equal(1, _pacing.Wanted);
        _pacing.OnSynced(1, 1);
        Assert.Equal(2, _pacing.Wanted);
    }

    [Fact]
    public void Sync_keeps_its_caller_when_all_who_were_in_flight_are_here()
    {
        _pacing.OnSynced(answered: 1, waiting: 4);
        Assert.False(_pacing.MayKeepCaller(4));
        Assert.True(_pacing.MayKeepCaller(5));
    }

    [Fact]
    public void One_sync_of_sixteen_keeps_nobody_so_that_more_requests_are_seen()
    {
        var kept = Enumerable.Range(0, 32).Select(_ => _pacing.MayKeepCaller(1)).ToArray();
        Assert.Equal([15, 31], Enumerable.Range(0, 32).Where(i => !kept[i]));
    }

    [Fact]
    public void Sync_keeps_nobody_where_requests_did_not_come_back()
    {
        _pacing.OnSynced(answered: 1, waiting: 1);
        _pacing.OnSynced(answered: 1, waiting: 0);
        Assert.False(_pacing.MayKeepCaller(1));
    }
}
