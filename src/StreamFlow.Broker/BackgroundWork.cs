using Microsoft.Extensions.Logging;

namespace StreamFlow.Broker;

/// <summary>Repeats work by the clock. Each piece runs alone, one time after the other; a failure is logged and tried again.</summary>
internal sealed partial class BackgroundWork(TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    /// <summary>Does the work again and again, an interval after it was done.</summary>
    /// <param name="interval">From the end of one time to the begin of the next.</param>
    /// <param name="work">Told when the broker stops; what it waits for should end then.</param>
    public void Every(TimeSpan interval, Func<CancellationToken, Task> work) => _running.Add(RepeatAsync(interval, work));

    /// <summary>Does the work again and again, an interval after it was done.</summary>
    public void Every(TimeSpan interval, Action work) =>
        Every(interval, _ =>
        {
            work();
            return Task.CompletedTask;
        });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> work)
    {
        while (true)
        {
            await Task.Delay(interval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await work(_stopping.Token).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // the work has to go on at its next time, whatever happened
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(EventIds.BackgroundWorkFailed, LogLevel.Error, "Background work failed; it is tried again at its next time")]
    private partial void LogFailed(Exception exception);
}
