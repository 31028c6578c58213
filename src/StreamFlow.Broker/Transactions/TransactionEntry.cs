namespace StreamFlow.Broker.Transactions;

/// <summary>A transactional id as a shard keeps it. Touched under the shard's lock only.</summary>
internal sealed class TransactionEntry
{
    /// <summary>What the log says, null before the first record.</summary>
    public TransactionMetadata? State { get; set; }

    /// <summary>
    /// The finishing of a decided transaction: markers appended and durable, completion recorded. The next transaction waits for it,
    /// else its markers could not be told from these after a crash.
    /// </summary>
    public Task Completion { get; set; } = Task.CompletedTask;
}
