using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Execution;

/// <summary>A query that does not run: it waits for its start, or could not start.</summary>
internal sealed class WaitingTopology(Exception? failure) : IRunningTopology
{
    public static WaitingTopology Instance { get; } = new(null);

    public Exception? Failure => failure;

    public Task Completion => failure is null ? Task.CompletedTask : Task.FromException(failure);

    public void Pause()
    {
        // Nothing runs; the query remembers that it is paused.
    }

    public void Resume()
    {
        // Nothing runs.
    }

    public Task WaitUntilRunningAsync(CancellationToken cancellationToken) =>
        Task.FromException(failure ?? new StreamFlowException("the query has not started"));

    public ValueTask<IReadOnlyList<SourceProgress>> ProgressAsync(CancellationToken cancellationToken) => new([]);

    public ValueTask<bool> IsSharedAsync(CancellationToken cancellationToken) => new(false);

    public Task<IReadOnlyList<TResult>> QueryAsync<TStore, TResult>(
        string store, Func<TStore, TResult> read, CancellationToken cancellationToken)
        where TStore : class =>
        Task.FromException<IReadOnlyList<TResult>>(failure ?? new StreamFlowException("the query has not started"));

    public ValueTask DisposeAsync() => default;
}
