using Microsoft.Extensions.Logging.Abstractions;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Broker.Tests;

public sealed class BackgroundWorkTests
{
    [Fact]
    public async Task Stop_ends_what_running_work_waits_for()
    {
        var clock = new ManualClock();
        var background = new BackgroundWork(clock, NullLogger.Instance);
        var isWaiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        background.Every(TimeSpan.FromSeconds(1), async stopping =>
        {
            isWaiting.TrySetResult();
            await Task.Delay(TimeSpan.FromHours(1), clock, stopping);
        });
        clock.Advance(TimeSpan.FromSeconds(1));
        await isWaiting.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await background.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Work_that_fails_is_tried_again()
    {
        var clock = new ManualClock();
        await using var background = new BackgroundWork(clock, NullLogger.Instance);
        var times = 0;
        var isTriedAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        background.Every(TimeSpan.FromSeconds(1), () =>
        {
            if (++times == 2)
            {
                isTriedAgain.SetResult();
            }

            throw new InvalidOperationException("as if it had failed");
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!isTriedAgain.Task.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
