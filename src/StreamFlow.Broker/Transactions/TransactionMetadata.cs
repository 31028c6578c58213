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

    /// <summary>The epoch before the current one, -1 for none.</summary>
    public short LastProducerEpoch { get; init; } = RecordBatch.NoProducerEpoch;

    /// <summary>An open transaction older than this is aborted (ms).</summary>
    public required int TimeoutMs { get; init; }

    public required TransactionStatus Status { get; init; }

    public ImmutableHashSet<TopicPartition> Partitions { get; init; } = [];

    /// <summary>When the open transaction began (ms since 1970), -1 for none.</summary>
    public long StartTimestamp { get; init; } = -1;

    /// <summary>When anything last changed (ms since 1970).</summary>
    public required long LastUpdateTimestamp { get; init; }

    public bool IsDecided => Status is TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort;
}
