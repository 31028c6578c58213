namespace StreamFlow.Broker.Transactions;

/// <summary>
/// The states of a transactional id; the numbers are those of the transaction log and may not change.
/// <code>
///   Empty ----> Ongoing ----> PrepareCommit ----> CompleteCommit --+
///     ^           ^  |                                             |  next transaction
///     |           |  +------> PrepareAbort -----> CompleteAbort ---+---> Ongoing
///     |           |                                                |
///     +-----------+------------------ new producer ----------------+---> Empty
/// </code>
/// </summary>
internal enum TransactionStatus : byte
{
    /// <summary>The producer has an id and has written nothing.</summary>
    Empty = 0,

    /// <summary>Partitions have been added.</summary>
    Ongoing = 1,

    /// <summary>The commit is decided, markers are on their way.</summary>
    PrepareCommit = 2,

    /// <summary>The abort is decided, markers are on their way.</summary>
    PrepareAbort = 3,

    /// <summary>Every marker is written.</summary>
    CompleteCommit = 4,

    /// <summary>Every marker is written.</summary>
    CompleteAbort = 5,

    /// <summary>Removed after long disuse.</summary>
    Dead = 6,

    /// <summary>An open transaction is about to be aborted for a new incarnation. Not used here; others write and ask for it.</summary>
    PrepareEpochFence = 7,
}
