namespace StreamFlow.Storage;

/// <summary>Who appends, which decides what is checked.</summary>
public enum AppendOrigin
{
    /// <summary>A producer: everything is checked, sequences included.</summary>
    Client = 0,

    /// <summary>
    /// A coordinator of the broker itself, writing its internal topic: several batches are allowed, sizes are not limited.
    /// </summary>
    Coordinator = 1,

    /// <summary>
    /// A producer whose transactions each have an epoch of their own (KIP-890): as <see cref="Client"/>, and its first batch in a partition
    /// that does not know it begins at sequence 0. Nothing it wrote before can have been forgotten, so anything else is a gap.
    /// </summary>
    EpochPerTransactionClient = 2,
}
