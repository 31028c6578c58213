namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>
/// Whether the threads of an application take records. While it is off they stay in the group, answer queries and commit, but nothing is
/// processed and no punctuation runs; fetching pauses when the queues are full. Thrown by any thread.
/// </summary>
internal sealed class PauseSwitch
{
    private volatile bool _isPaused;

    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }
}
