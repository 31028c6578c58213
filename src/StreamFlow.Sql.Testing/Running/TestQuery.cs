using StreamFlow.Sql.Execution;

namespace StreamFlow.Sql.Testing.Running;

/// <summary>A query that the engine started; the runner steps it later. Stopping it takes it out of the run.</summary>
internal sealed class TestQuery(SqlTopology topology) : IRunningTopology
{
    public SqlTopology Topology { get; private set; } = topology;

    public bool IsStopped { get; private set; }

    public Exception? Failure => null;

    /// <summary>Puts a new topology in the place of the old one, which keeps the query's turn in the run.</summary>
    public void Replace(SqlTopology topology)
    {
        Topology = topology;
        IsStopped = false;
    }

    public Task Completion => Task.CompletedTask;

    public void Pause()
    {
        // The runner steps queries; nothing runs by itself.
    }

    public void Resume()
    {
        // See Pause.
    }

    public Task WaitUntilRunningAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<IReadOnlyList<SourceProgress>> ProgressAsync(CancellationToken cancellationToken) => new([]);

    public ValueTask<bool> IsSharedAsync(CancellationToken cancellationToken) => new(false);

    public Task<IReadOnlyList<TResult>> QueryAsync<TStore, TResult>(
        string store, Func<TStore, TResult> read, CancellationToken cancellationToken)
        where TStore : class => Task.FromResult<IReadOnlyList<TResult>>([]);

    public ValueTask RemoveAsync() => DisposeAsync();

    public ValueTask DisposeAsync()
    {
        IsStopped = true;
        return ValueTask.CompletedTask;
    }
}
