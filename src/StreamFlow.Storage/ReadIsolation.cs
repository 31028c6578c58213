namespace StreamFlow.Storage;

/// <summary>How far a reader sees.</summary>
public enum ReadIsolation
{
    /// <summary>To the high watermark (read_uncommitted).</summary>
    HighWatermark = 0,

    /// <summary>To the last stable offset, with the aborted transactions of the range (read_committed).</summary>
    Committed = 1,

    /// <summary>To the end of the log: followers, coordinators loading their state, tools.</summary>
    LogEnd = 2,
}
