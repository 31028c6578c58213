using StreamFlow.Sql.Execution;

namespace StreamFlow.Sql.Tests.Execution;

/// <summary>A runtime where every topic exists and no topology runs: enough to see what the engine accepts and generates.</summary>
internal sealed class NothingRunsRuntime : ISqlRuntime
{
    public List<SqlTopology> Started { get; } = [];

    public List<(string Topic, SqlRecord Record)> Produced { get; } = [];

    public ValueTask<SqlTopic?> FindTopicAsync(string name, CancellationToken cancellationToken) => new(new SqlTopic(name, 4, 1));

    public ValueTask<IReadOnlyList<SqlTopic>> ListTopicsAsync(CancellationToken cancellationToken) => new([]);

    public ValueTask CreateTopicAsync(SqlTopic topic, CancellationToken cancellationToken) => default;

    public ValueTask DeleteTopicAsync(string name, CancellationToken cancellationToken) => default;

    public ValueTask ProduceAsync(string topic, SqlRecord record, CancellationToken cancellationToken)
    {
        Produced.Add((topic, record));
        return default;
    }

    public async IAsyncEnumerable<SqlRecord> ReadAsync(
        string topic, bool fromBeginning, bool untilEnd, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask<IRunningTopology> StartAsync(SqlTopology topology, CancellationToken cancellationToken)
    {
        Started.Add(topology);
        return new(new Idle());
    }

    private sealed class Idle : IRunningTopology
    {
        public Exception? Failure => null;

        public Task Completion => Task.CompletedTask;

        public ValueTask RemoveAsync() => default;

        public ValueTask DisposeAsync() => default;

        public Task<IReadOnlyList<TResult>> QueryAsync<TStore, TResult>(
            string store, Func<TStore, TResult> read, CancellationToken cancellationToken)
            where TStore : class => Task.FromResult<IReadOnlyList<TResult>>([]);

        public void Pause()
        {
        }

        public void Resume()
        {
        }

        public Task WaitUntilRunningAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask<IReadOnlyList<SourceProgress>> ProgressAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask<bool> IsSharedAsync(CancellationToken cancellationToken) => new(false);
    }
}
