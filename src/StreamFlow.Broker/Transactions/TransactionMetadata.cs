using System.Collections.Immutable;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Transactions;

/// <summary>
/// Everything that is known about a transactional id. Immutable: a step makes the next one, which counts once it is in the log.
/// </summary>
internal sealed record TransactionMetadata
{
    /// <summary>The last epoch a producer may have; the one after it is kept for fencing, then a new id is needed.</summary>
    public const short LastEpoch = short.MaxValue - 1;

    /// <summary>The name the application chose.</summary>
    public required string TransactionalId { get; init; }

    public required long ProducerId { get; init; }

    public required short ProducerEpoch { get; init; }

    /// <summary>The id before the current one, -1 for none: a retry of the request that changed it still names it.</summary>
    public long PreviousProducerId { get; init; } = RecordBatch.NoProducerId;

    /// <summary>
    /// The id that the producer goes on with once the decided transaction is complete, because the epochs of the current one are used up;
    /// -1 for none.
    /// </summary>
    public long NextProducerId { get; init; } = RecordBatch.NoProducerId;

    /// <summary>Whether the last transaction was ended with a new epoch (transactions version 2, KIP-890).</summary>
    public bool EndedWithNewEpoch { get; init; }

    /// <summary>The epoch before the current one, -1 for none.</summary>
    public short LastProducerEpoch { get; init; } = RecordBatch.NoProducerEpoch;

    /// <summary>An open transaction older than this is aborted (ms).</summary>
    public required int TimeoutMs { get; init; }

    public required TransactionStatus Status { get; init; }

    public ImmutableHashSet<TopicPartition> Partitions { get; init; } = [];

    /// <summary>When the open or last transaction began (ms since 1970), -1 for none.</summary>
    public long StartTimestamp { get; init; } = -1;

    /// <summary>When anything last changed (ms since 1970).</summary>
    public required long LastUpdateTimestamp { get; init; }

    /// <summary>Whether every marker of the last transaction is written.</summary>
    public bool IsComplete => Status is TransactionStatus.CompleteCommit or TransactionStatus.CompleteAbort;

    public bool IsDecided => Status is TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort;

    /// <summary>
    /// Whether a producer already goes on with the id that it was given when its epochs were used up, while the markers of its decided
    /// transaction are still being written under the old one. It has to wait for them.
    /// </summary>
    public bool IsSuccessor(long producerId, short producerEpoch) =>
        producerId != RecordBatch.NoProducerId && producerId == NextProducerId && producerEpoch == 0;
}
