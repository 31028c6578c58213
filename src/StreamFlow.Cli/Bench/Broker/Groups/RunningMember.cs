namespace StreamFlow.Cli.Bench.Broker.Groups;

/// <summary>A member at work, until it is stopped.</summary>
internal sealed class RunningMember : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public RunningMember(IGroupMember member) => Work = Task.Run(() => member.RunAsync(_stopping.Token));

    /// <summary>Ends when the member has left, or fails.</summary>
    public Task Work { get; }

    /// <summary>Lets the member leave.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Work;
        _stopping.Dispose();
    }
}
