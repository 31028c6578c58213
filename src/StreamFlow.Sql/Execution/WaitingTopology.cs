using StreamFlow.Core.Errors;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Sql.Execution;

/// <summary>
/// A query that does not run here: it waits for its start, could not start, or has its state directory held by another process, which
/// runs it.
/// </summary>
internal sealed class WaitingTopology(Exception? failure) : IRunningTopology
{
    private readonly bool _runsElsewhere = failure is StateDirectoryInUseException;

    public static WaitingTopology Instance { get; } = new(null);

    public Exception? Failure => _runsElsewhere ? null : failure;

    public Task Completion => Failure is null ? Task.CompletedTask : Task.FromException(Failure);

    public void Pause()
    {
        // Nothing runs; the query remembers that it is paused.
    }

    public void Resume()
    {
        // Nothing runs.
    }

    public Task WaitUntilRunningAsync(CancellationToken cancellationToken) =>
        _runsElsewhere ? Task.CompletedTask : Task.FromException(Missing);

    public ValueTask<IReadOnlyList<SourceProgress>> ProgressAsync(CancellationToken cancellationToken) => new([]);

    public ValueTask<bool> IsSharedAsync(CancellationToken cancellationToken) => new(_runsElsewhere);

    public Task<IReadOnlyList<TResult>> QueryAsync<TStore, TResult>(
        string store, Func<TStore, TResult> read, CancellationToken cancellationToken)
        where TStore : class => Task.FromException<IReadOnlyList<TResult>>(Missing);

    public ValueTask RemoveAsync() => default;

    public ValueTask DisposeAsync() => default;

    private Exception Missing => failure ?? new StreamFlowException("the query has not started");
}
