namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>Members of a group at work until they are disposed.</summary>
internal sealed class RunningMembers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _members;

    public RunningMembers(IEnumerable<Func<CancellationToken, Task>> members) =>
        _members = [.. members.Select(m => Task.Run(() => UntilStoppedAsync(m)))];

    public CancellationToken Stopping => _stop.Token;

    /// <summary>Throws what made a member end.</summary>
    public async Task ThrowIfFailedAsync()
    {
        foreach (var failed in _members.Where(m => m.IsFaulted))
        {
            await failed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_members);
        _stop.Dispose();
    }

    private async Task UntilStoppedAsync(Func<CancellationToken, Task> member)
    {
        try
        {
            await member(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
