using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Networking;

/// <summary>Waits between retries: exponential with jitter, so that clients which failed together do not come back together.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, TimeProvider clock, Random random)
{
    private readonly Lock _gate = new();

    public TimeProvider Clock { get; } = clock;

    /// <summary>The wait before retry number <paramref name="attempt"/>, counted from 0: within 20 % of <c>first * 2^attempt</c>.</summary>
    public TimeSpan DelayOf(int attempt)
    {
        var wait = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 30)));
        lock (_gate)
        {
            return TimeSpan.FromMilliseconds(wait * (0.8 + (0.4 * random.NextDouble())));
        }
    }

    public Task WaitAsync(int attempt, CancellationToken cancellationToken) => Task.Delay(DelayOf(attempt), Clock, cancellationToken);

    /// <summary>Makes the call again while it fails with a retriable error and the time is not over.</summary>
    public async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = Clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (StreamFlowException e) when (e.IsRetriable && Clock.GetElapsedTime(start) < limit)
            {
                await WaitAsync(attempt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes the call again while it fails with a retriable error and the time is not over.</summary>
    public async Task RetryAsync<TState>(
        TState state, Func<TState, CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = Clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await call(state, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (StreamFlowException e) when (e.IsRetriable && Clock.GetElapsedTime(start) < limit)
            {
                await WaitAsync(attempt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes the call again while it fails with a retriable error and the time is not over.</summary>
    public Task RetryAsync(Func<CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken) =>
        RetryAsync(call, static (c, token) => c(token), limit, cancellationToken);
}
