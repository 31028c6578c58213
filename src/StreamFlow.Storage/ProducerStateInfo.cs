namespace StreamFlow.Storage;

/// <summary>What a partition knows of a producer, as DescribeProducers reports it.</summary>
/// <param name="ProducerId">The producer's id.</param>
/// <param name="ProducerEpoch">Its latest epoch.</param>
/// <param name="LastSequence">Sequence of its last record, -1 when none is known.</param>
/// <param name="LastTimestamp">When it last wrote (ms).</param>
/// <param name="CoordinatorEpoch">Epoch of the coordinator that wrote its last marker, -1 when there is none.</param>
/// <param name="TransactionStartOffset">First offset of its open transaction, -1 when none is open.</param>
public readonly record struct ProducerStateInfo(
    long ProducerId, short ProducerEpoch, int LastSequence, long LastTimestamp, int CoordinatorEpoch, long TransactionStartOffset);
