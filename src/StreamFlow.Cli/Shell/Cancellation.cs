namespace StreamFlow.Cli.Shell;

/// <summary>Waiting for the user to stop a command.</summary>
internal static class Cancellation
{
    /// <summary>Ends, without an error, when the token is cancelled.</summary>
    public static Task WhenCancelledAsync(this CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = cancellation.Register(() => cancelled.TrySetResult());
        return cancelled.Task.ContinueWith(_ => registration.Dispose(), TaskScheduler.Default);
    }
}
