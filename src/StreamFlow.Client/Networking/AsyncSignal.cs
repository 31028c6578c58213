using System.Threading.Tasks.Sources;

namespace StreamFlow.Client.Networking;

/// <summary>
/// Wakes one waiter. A signal that comes while nobody waits is kept, once. Thread safe, for one waiter at a time. The signal is its own
/// task source and keeps one timer, so that waiting allocates nothing.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource<bool>
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancel;
    private TimeProvider? _clock;
    private ITimer? _timer;
    private long _due = long.MaxValue;
    private bool _isWaiting;
    private bool _isSet;

    /// <summary>Wakes the waiter, now or when it waits next.</summary>
    /// <param name="inline">Whether the waiter may go on inside of this call.</param>
    public void Set(bool inline = false)
    {
        lock (_gate)
        {
            _isSet = !_isWaiting;
            if (_isSet)
            {
                return;
            }

            _isWaiting = false;
            _source.RunContinuationsAsynchronously = !inline;
        }

        _source.SetResult(true);
    }

    /// <summary>Waits for a signal.</summary>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for no end.</param>
    /// <param name="clock">The clock of the timeout.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time is over. To be awaited once, before the next call.</returns>
    public ValueTask<bool> WaitAsync(TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        short version;
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return new(true);
            }

            _source.Reset();
            version = _source.Version;
            _isWaiting = true;
            StartTimer(timeout, clock);
        }

        _cancel = cancellationToken.UnsafeRegister(static (signal, token) => ((AsyncSignal)signal!).Cancel(token), this);
        return new(this, version);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        // Waits for a cancellation that is just running, so that it cannot hit the next wait.
        _cancel.Dispose();
        _cancel = default;
        lock (_gate)
        {
            if (_due != long.MaxValue)
            {
                _due = long.MaxValue;
                _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>The caller holds the gate.</summary>
    private void StartTimer(TimeSpan timeout, TimeProvider clock)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        if (!ReferenceEquals(_clock, clock))
        {
            _timer?.Dispose();
            _timer = clock.CreateTimer(
                static signal => ((AsyncSignal)signal!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _clock = clock;
        }

        _due = clock.GetTimestamp() + (long)(timeout.TotalSeconds * clock.TimestampFrequency);
        _timer!.Change(timeout, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (!_isWaiting || _due == long.MaxValue)
            {
                return;
            }

            var left = _due - _clock!.GetTimestamp();
            if (left > 0)
            {
                // Timers count whole ms and may be early; and this may be the timer of an earlier wait.
                _timer!.Change(
                    TimeSpan.FromMilliseconds(Math.Ceiling(1000.0 * left / _clock.TimestampFrequency)), Timeout.InfiniteTimeSpan);
                return;
            }

            _isWaiting = false;
            _source.RunContinuationsAsynchronously = true;
        }

        _source.SetResult(false);
    }

    private void Cancel(CancellationToken token)
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                return;
            }

            _isWaiting = false;
            _source.RunContinuationsAsynchronously = true;
        }

        _source.SetException(new OperationCanceledException(token));
    }
}
