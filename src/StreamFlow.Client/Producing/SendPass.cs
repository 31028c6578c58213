namespace StreamFlow.Client.Producing;

/// <summary>What the sender finds out while it goes through the partitions once.</summary>
internal struct SendPass(long now, long ticksPerSecond)
{
    /// <summary>The clock's timestamp, read once per pass.</summary>
    public readonly long Now => now;

    public bool HasSent { get; set; }

    public bool LacksLeader { get; set; }

    /// <summary>When to look again at the latest.</summary>
    public TimeSpan Wait { get; private set; } = Timeout.InfiniteTimeSpan;

    public readonly TimeSpan Age(long since) => TimeSpan.FromSeconds((double)(now - since) / ticksPerSecond);

    public readonly TimeSpan Until(long timestamp) => TimeSpan.FromSeconds((double)Math.Max(0, timestamp - now) / ticksPerSecond);

    public void LookAgainIn(TimeSpan wait)
    {
        if (wait != Timeout.InfiniteTimeSpan && (Wait == Timeout.InfiniteTimeSpan || wait < Wait))
        {
            // Timers count whole milliseconds; waking a little late beats spinning.
            Wait = wait + TimeSpan.FromMilliseconds(1);
        }
    }
}
