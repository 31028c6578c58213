namespace StreamFlow.Simulation.Tests;

/// <summary>A clock that moves when it is told to, and fires what is due then, on the caller's thread and in the order of the times.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private readonly List<SimulatedTimer> _timers = [];
    private long _nowMs = 1_700_000_000_000;
    private long _created;

    public override long TimestampFrequency => 1000;

    public long NowMs => Interlocked.Read(ref _nowMs);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public override long GetTimestamp() => NowMs;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state, Interlocked.Increment(ref _created));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var end = NowMs + (long)by.TotalMilliseconds;
        while (NextDue(end) is { } timer)
        {
            Interlocked.Exchange(ref _nowMs, Math.Max(NowMs, timer.DueMs));
            timer.Fire();
        }

        Interlocked.Exchange(ref _nowMs, end);
    }

    private SimulatedTimer? NextDue(long end)
    {
        lock (_timers)
        {
            return _timers.Where(t => t.DueMs <= end).OrderBy(t => t.DueMs).ThenBy(t => t.Number).FirstOrDefault();
        }
    }

    private sealed class SimulatedTimer(SimulatedClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public long Number => number;

        public long DueMs { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._timers)
            {
                _period = period;
                DueMs = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.NowMs + (long)Math.Ceiling(dueTime.TotalMilliseconds);
                clock._timers.Remove(this);
                if (DueMs != long.MaxValue)
                {
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void Fire()
        {
            var again = _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _period;
            Change(again, again);
            callback(state);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
