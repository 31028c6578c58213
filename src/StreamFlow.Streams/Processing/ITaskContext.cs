using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processing;

/// <summary>What processors can know and do beside forwarding.</summary>
public interface ITaskContext
{
    /// <summary>The task.</summary>
    TaskId TaskId { get; }

    /// <summary>The application.</summary>
    string ApplicationId { get; }

    /// <summary>The topic of the input record; null during a punctuation.</summary>
    string? Topic { get; }

    /// <summary>The partition of the input record; -1 during a punctuation.</summary>
    int Partition { get; }

    /// <summary>The offset of the input record; -1 during a punctuation.</summary>
    long Offset { get; }

    /// <summary>Greatest time of any record the task has taken, in ms; -1 before the first.</summary>
    long StreamTime { get; }

    /// <summary>The wall clock in ms since 1970.</summary>
    long WallClock { get; }

    /// <summary>A store that is connected to the operator, or a global one.</summary>
    /// <typeparam name="TStore">Its interface, for example <see cref="IKeyValueStore{TKey,TValue}"/>.</typeparam>
    /// <exception cref="Errors.StreamsException">It is not connected, or of another kind.</exception>
    TStore GetStore<TStore>(string name)
        where TStore : class, IStateStore;

    /// <summary>
    /// Calls back in intervals: by stream time at multiples of the interval while records flow, by the wall clock from now on.
    /// </summary>
    /// <param name="interval">At least one ms.</param>
    /// <param name="type">Which clock.</param>
    /// <param name="callback">Gets the time in ms.</param>
    /// <returns>Dispose it to stop, also from within the callback.</returns>
    IDisposable Schedule(TimeSpan interval, PunctuationType type, Action<long> callback);

    /// <summary>Asks for a commit soon.</summary>
    void RequestCommit();
}
