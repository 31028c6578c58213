namespace StreamFlow.Client;

/// <summary>What a reader sees of transactions; the numbers are the protocol's.</summary>
public enum IsolationLevel
{
    /// <summary>Everything up to the high watermark, aborted records included.</summary>
    ReadUncommitted = 0,

    /// <summary>Committed records only, up to the first open transaction.</summary>
    ReadCommitted = 1,
}
