namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>Where a thread is in its life.</summary>
internal enum LoopState
{
    /// <summary>Not in the group yet, or restoring.</summary>
    Rebalancing,

    /// <summary>All its tasks run; it may have none.</summary>
    Running,

    /// <summary>Stopped as asked.</summary>
    Stopped,

    /// <summary>Stopped by a failure.</summary>
    Failed,
}
