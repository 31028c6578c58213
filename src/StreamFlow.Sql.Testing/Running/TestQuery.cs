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

    public ValueTask PauseAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ResumeAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IReadOnlyList<object> GetStores(string name) => [];

    public ValueTask DisposeAsync()
    {
        IsStopped = true;
        return ValueTask.CompletedTask;
    }
}
