using Microsoft.Extensions.Logging;

namespace StreamFlow.Broker.Purgatory;

/// <summary>
/// Fires entries at their time with one timer of the <see cref="TimeProvider"/> for all of them. Owned by the broker, which disposes it;
/// thread safe. Entries fire on a thread of the pool, one after the other.
/// </summary>
internal sealed partial class TimerQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly TimingWheel _wheel = new(0);
    private List<TimerEntry>? _freeList = [];
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;
    private bool _disposed;

    public TimerQueue(TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((TimerQueue)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Monotonic ms since the queue was made.</summary>
    private long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Fires the entry after a delay (ms).</summary>
    public void Add(TimerEntry entry, long delayMs)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _wheel.Add(entry, Now + Math.Max(delayMs, 0));
            Arm();
        }
    }

    /// <summary>Takes the entry back.</summary>
    /// <returns>False when it has fired or is about to.</returns>
    public bool Cancel(TimerEntry entry)
    {
        lock (_gate)
        {
            return _wheel.Remove(entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Arm()
    {
        // Cancelled entries leave the timer armed: it then fires for nothing once, which is cheaper than re-arming at each cancel.
        if (_wheel.NextWakeUp() is { } next && next < _armedFor)
        {
            _armedFor = next;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(next - Now, 1)), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        List<TimerEntry> due;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _armedFor = long.MaxValue;
            (due, _freeList) = (_freeList ?? [], null);
            _wheel.Advance(Now, due);
            Arm();
        }

        foreach (var entry in due)
        {
            Fire(entry);
        }

        due.Clear();
        lock (_gate)
        {
            _freeList = due;
        }
    }

    private void Fire(TimerEntry entry)
    {
        try
        {
            entry.Fire();
        }
#pragma warning disable CA1031 // the entries behind it have to fire as well, whatever this one ran into
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(EventIds.TimerFailed, LogLevel.Error, "Work that was due by the clock failed")]
    private partial void LogFailed(Exception exception);
}
