using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Administration;

/// <summary>A transactional id in a listing.</summary>
/// <param name="TransactionalId">The id.</param>
/// <param name="ProducerId">Its producer id.</param>
/// <param name="State">Its state, such as <c>Ongoing</c>.</param>
public sealed record TransactionListing(string TransactionalId, long ProducerId, string State);

/// <summary>A transactional id.</summary>
/// <param name="TransactionalId">The id.</param>
/// <param name="State">Its state: Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort, Dead.</param>
/// <param name="ProducerId">Its producer id.</param>
/// <param name="ProducerEpoch">Its epoch.</param>
/// <param name="Timeout">After this time the coordinator aborts.</param>
/// <param name="StartTime">When the open transaction began (ms since 1970), -1 when none is open.</param>
/// <param name="Partitions">The partitions of the open transaction.</param>
public sealed record TransactionDescription(
    string TransactionalId,
    string State,
    long ProducerId,
    short ProducerEpoch,
    TimeSpan Timeout,
    long StartTime,
    IReadOnlyList<TopicPartition> Partitions);
