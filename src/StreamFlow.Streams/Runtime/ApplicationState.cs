namespace StreamFlow.Streams.Runtime;

/// <summary>
/// Where a <see cref="StreamsApplication"/> is in its life:
/// Created → Rebalancing ⇄ Running → PendingShutdown → NotRunning; from any running state → PendingError → Error.
/// </summary>
public enum ApplicationState
{
    /// <summary>Not started.</summary>
    Created,

    /// <summary>Joining the group, or restoring stores.</summary>
    Rebalancing,

    /// <summary>Every thread has its tasks and all their stores are restored.</summary>
    Running,

    /// <summary>Committing and closing.</summary>
    PendingShutdown,

    /// <summary>Stopped. Final.</summary>
    NotRunning,

    /// <summary>Closing after a failure.</summary>
    PendingError,

    /// <summary>Stopped by a failure, see <see cref="StreamsApplication.Failure"/>. Final.</summary>
    Error,
}
