namespace StreamFlow.Client.Producing;

/// <summary>When a produce request counts as done; the numbers are the protocol's.</summary>
public enum Acks
{
    /// <summary>When all in-sync replicas have it; on a single StreamFlow broker: when it is on disk.</summary>
    All = -1,

    /// <summary>When it is sent; errors and offsets are not known.</summary>
    None = 0,

    /// <summary>When the leader has it.</summary>
    Leader = 1,
}
