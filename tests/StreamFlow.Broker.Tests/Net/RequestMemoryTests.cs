using StreamFlow.Broker.Net;
using StreamFlow.Core.Memory;

namespace StreamFlow.Broker.Tests.Net;

public sealed class RequestMemoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly MemoryShare _share = new MemoryBudget(MemoryBudget.Smallest)[MemoryUse.Request];

    [Fact]
    public void One_frame_may_pass_the_bound_and_the_next_may_not()
    {
        using var memory = new RequestMemory(_share, 100);
        Assert.True(memory.TryTake(99));
        Assert.True(memory.TryTake(1000));
        Assert.False(memory.TryTake(1));
        Assert.Equal(1099, memory.Used);
        Assert.Equal(1099, _share.Used);
    }

    [Fact]
    public void Bound_is_the_share_unless_it_is_set()
    {
        using var memory = new RequestMemory(_share, -1);
        Assert.True(memory.TryTake((int)_share.Capacity));
        Assert.False(memory.TryTake(1));
    }

    [Fact]
    public async Task Waiters_come_in_order_and_nobody_passes_them()
    {
        using var memory = new RequestMemory(_share, 100);
        Assert.True(memory.TryTake(100));
        Assert.True(memory.TryTake(1) is false);
        var first = memory.TakeAsync(100, 0, default);
        var second = memory.TakeAsync(1, 0, default);
        Assert.False(first.IsCompleted || second.IsCompleted);
        memory.Release(100);
        await first.WaitAsync(Patience);
        Assert.False(second.IsCompleted);
        Assert.False(memory.TryTake(1));
        memory.Release(100);
        await second.WaitAsync(Patience);
        Assert.Equal(1, memory.Used);
    }

    [Fact]
    public async Task First_half_received_frame_goes_on_when_all_room_is_with_those_that_wait()
    {
        using var memory = new RequestMemory(_share, 100);
        Assert.True(memory.TryTake(60));
        Assert.True(memory.TryTake(60));
        var first = memory.TakeAsync(50, held: 60, default);
        Assert.False(first.IsCompleted);
        var second = memory.TakeAsync(50, held: 60, default);
        await first.WaitAsync(Patience);
        Assert.False(second.IsCompleted);
        memory.Release(110);
        await second.WaitAsync(Patience);
        memory.Release(110);
        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public async Task Waiter_that_gives_up_leaves_the_line()
    {
        using var memory = new RequestMemory(_share, 100);
        Assert.True(memory.TryTake(100));
        using var gone = new CancellationTokenSource();
        var first = memory.TakeAsync(100, 0, gone.Token);
        var second = memory.TakeAsync(10, 0, default);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        memory.Release(100);
        await second.WaitAsync(Patience);
        Assert.Equal((10, 0), (memory.Used, memory.Waiting));
    }
}
