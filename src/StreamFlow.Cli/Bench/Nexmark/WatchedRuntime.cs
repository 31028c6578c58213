using StreamFlow.Sql.Execution;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>A runtime that remembers what it started.</summary>
internal sealed class WatchedRuntime(ISqlRuntime inner) : ISqlRuntime
{
    private readonly List<(SqlTopology Topology, IRunningTopology Running)> _started = [];

    /// <summary>The queries' topologies in the order of their start.</summary>
    public IReadOnlyList<(SqlTopology Topology, IRunningTopology Running)> Started => _started;

    public ValueTask<SqlTopic?> FindTopicAsync(string name, CancellationToken cancellationToken) =>
        inner.FindTopicAsync(name, cancellationToken);

    public ValueTask<IReadOnlyList<SqlTopic>> ListTopicsAsync(CancellationToken cancellationToken) =>
        inner.ListTopicsAsync(cancellationToken);

    public ValueTask CreateTopicAsync(SqlTopic topic, CancellationToken cancellationToken) =>
        inner.CreateTopicAsync(topic, cancellationToken);

    public ValueTask DeleteTopicAsync(string name, CancellationToken cancellationToken) => inner.DeleteTopicAsync(name, cancellationToken);

    public ValueTask ProduceAsync(string topic, SqlRecord record, CancellationToken cancellationToken) =>
        inner.ProduceAsync(topic, record, cancellationToken);

    public IAsyncEnumerable<SqlRecord> ReadAsync(
        string topic, bool fromBeginning, bool untilEnd, CancellationToken cancellationToken) =>
        inner.ReadAsync(topic, fromBeginning, untilEnd, cancellationToken);

    public async ValueTask<IRunningTopology> StartAsync(SqlTopology topology, CancellationToken cancellationToken)
    {
        var running = await inner.StartAsync(topology, cancellationToken);
        _started.Add((topology, running));
        return running;
    }
}
