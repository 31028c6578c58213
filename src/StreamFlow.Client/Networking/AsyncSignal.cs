namespace StreamFlow.Client.Networking;

/// <summary>Wakes one waiter. A signal that comes while nobody waits is kept, once. Thread safe, for one waiter at a time.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<bool>? _waiter;
    private bool _isSet;

    public void Set()
    {
        TaskCompletionSource<bool>? waiter;
        lock (_gate)
        {
            waiter = _waiter;
            _waiter = null;
            _isSet = waiter is null;
        }

        waiter?.TrySetResult(true);
    }

    /// <summary>Waits for a signal.</summary>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for no end.</param>
    /// <param name="clock">The clock of the timeout.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time is over.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> waiter;
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return true;
            }

            _waiter = waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var cancel = cancellationToken.UnsafeRegister(static (w, token) => ((TaskCompletionSource<bool>)w!).TrySetCanceled(token), waiter);
        await using var cancelScope = cancel.ConfigureAwait(false);
        var timer = clock.CreateTimer(static w => ((
            TaskCompletionSource<bool>)w!).TrySetResult(false), waiter, timeout, Timeout.InfiniteTimeSpan);
        await using var timerScope = timer.ConfigureAwait(false);
        try
        {
            return await waiter.Task.ConfigureAwait(false);
        }
        finally
        {
            Forget(waiter);
        }
    }

    private void Forget(TaskCompletionSource<bool> waiter)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_waiter, waiter))
            {
                _waiter = null;
            }
        }
    }
}
