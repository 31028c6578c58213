namespace StreamFlow.Storage.Flushing;

/// <summary>What is being done for the requests that wait for a log's next sync.</summary>
internal enum FlushTurn
{
    /// <summary>Nothing: none wait.</summary>
    None,

    /// <summary>More requests are waited for.</summary>
    Held,

    /// <summary>The sync begins when the disk is free.</summary>
    Queued,

    /// <summary>A sync runs; those who wait need another one.</summary>
    Running,
}
