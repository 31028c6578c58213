using StreamFlow.Core.Memory;

namespace StreamFlow.Core.Tests.Memory;

public sealed class MemoryBudgetTests
{
    private const long Limit = 100L << 20;

    [Fact]
    public void Shares_add_up_to_no_more_than_the_limit()
    {
        var budget = new MemoryBudget(Limit);
        Assert.Equal(Enum.GetValues<MemoryUse>(), budget.Shares.Select(s => s.Use));
        Assert.InRange(budget.Shares.Sum(s => s.Capacity), Limit - 100, Limit);
        Assert.All(budget.Shares, s => Assert.Same(s, budget[s.Use]));
    }

    [Fact]
    public void Limit_below_the_least_is_a_problem_and_none_means_a_part_of_the_machine()
    {
        Assert.Contains("memory.limit", MemoryBudget.Problem(0)!);
        Assert.Null(MemoryBudget.Problem(MemoryBudget.Smallest));
        Assert.Null(MemoryBudget.Problem(null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryBudget(0));
        Assert.Same(MemoryBudget.Process, MemoryBudget.Of(null));
        Assert.InRange(MemoryBudget.Process.Limit, MemoryBudget.Smallest, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    [Fact]
    public void Claims_together_never_hold_more_than_the_share_and_each_can_always_hold_its_part()
    {
        var share = new MemoryBudget(Limit)[MemoryUse.Fetch];
        using var greedy = share.Claim();
        using var modest = share.Claim();
        while (greedy.TryGrow(1000))
        {
        }

        var part = share.Capacity / 4 / 2;
        for (var held = 0; held + 1000 <= part; held += 1000)
        {
            Assert.True(modest.TryGrow(1000));
        }

        Assert.False(modest.TryGrow(1000));
        Assert.False(modest.HasRoom && greedy.HasRoom);
        Assert.InRange(share.Used, share.Capacity * 7 / 8 - 2000, share.Capacity);
    }

    [Fact]
    public void What_is_larger_than_the_share_passes_alone()
    {
        var share = new MemoryBudget(Limit)[MemoryUse.Produce];
        using var claim = share.Claim();
        Assert.True(claim.TryGrow(share.Capacity * 2));
        Assert.False(claim.TryGrow(1));
        Assert.False(claim.HasRoom);
        claim.Shrink(share.Capacity * 2);
        Assert.True(claim.HasRoom);
        Assert.Equal(0, share.Used);
    }

    [Fact]
    public void Refusal_asks_whoever_holds_more_than_its_part_to_yield_once()
    {
        var share = new MemoryBudget(Limit)[MemoryUse.StoreCache];
        using var large = share.Claim();
        using var small = share.Claim();
        Assert.True(large.TryGrow(share.Capacity / 4 * 3));
        Assert.False(large.ShouldYield());
        while (small.TryGrow(100_000))
        {
        }

        Assert.True(large.ShouldYield());
        Assert.False(large.ShouldYield());
        Assert.False(small.ShouldYield());
    }

    [Fact]
    public void Ended_claim_leaves_its_part_to_the_others_and_counts_what_comes_back_late()
    {
        var share = new MemoryBudget(Limit)[MemoryUse.Fetch];
        using var stays = share.Claim();
        var ends = share.Claim();
        ends.Grow(1000);
        ends.Dispose();
        ends.Dispose();
        Assert.Equal(1000, share.Used);
        ends.Shrink(1000);
        Assert.Equal(0, share.Used);
        Assert.Equal(share.Capacity / 4, share.FairPart);
    }

    [Fact]
    public async Task Counts_are_right_when_many_grow_and_shrink_at_once()
    {
        var share = new MemoryBudget(MemoryBudget.Smallest)[MemoryUse.Request];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
        {
            using var claim = share.Claim();
            for (var n = 0; n < 10_000; n++)
            {
                var bytes = 1 + ((n * 31 * (i + 1)) % 400_000);
                if (claim.TryGrow(bytes))
                {
                    claim.Shrink(bytes);
                }
            }

            Assert.Equal(0, claim.Held);
        })));
        Assert.Equal(0, share.Used);
    }
}
