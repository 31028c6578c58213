namespace StreamFlow.Cli.Shell;

/// <summary>Holds a loop to a rate, counted from its start, so that a pause is caught up.</summary>
internal sealed class Pace(double? perSecond, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private long _count;

    /// <summary>Waits until the next one is due.</summary>
    public Task NextAsync(CancellationToken cancellation)
    {
        if (perSecond is not { } rate)
        {
            return Task.CompletedTask;
        }

        var wait = TimeSpan.FromSeconds(_count++ / rate) - clock.GetElapsedTime(_start);
        return wait > TimeSpan.FromMilliseconds(1) ? Task.Delay(wait, clock, cancellation) : Task.CompletedTask;
    }
}
