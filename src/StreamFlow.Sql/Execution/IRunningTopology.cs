using StreamFlow.Sql.CodeGeneration.Runtime.Reading;

namespace StreamFlow.Sql.Execution;

/// <summary>A topology that runs; disposing it stops it. Thread safe.</summary>
public interface IRunningTopology : IStoreQueries, IAsyncDisposable
{
    /// <summary>Stops taking records, but for those in hand, until <see cref="Resume"/>.</summary>
    void Pause();

    /// <summary>Takes records again.</summary>
    void Resume();

    /// <summary>Ends when all its tasks here run, their stores restored.</summary>
    /// <exception cref="Exception">What it died of before.</exception>
    Task WaitUntilRunningAsync(CancellationToken cancellationToken);

    /// <summary>How far it is with every partition it reads, in all processes.</summary>
    ValueTask<IReadOnlyList<SourceProgress>> ProgressAsync(CancellationToken cancellationToken);

    /// <summary>Whether another process runs a part of it, so that the stores here are not all of them.</summary>
    ValueTask<bool> IsSharedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stops it for good and removes its group, internal topics and state, unless other processes still run it.
    /// </summary>
    ValueTask RemoveAsync();

    /// <summary>Ends when it has stopped; fails with what it died of.</summary>
    Task Completion { get; }

    /// <summary>Why it died, or null while it lives.</summary>
    Exception? Failure { get; }
}
