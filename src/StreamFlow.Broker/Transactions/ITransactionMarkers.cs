using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Transactions;

/// <summary>Writes the control records that end a transaction into the partitions it touched.</summary>
internal interface ITransactionMarkers
{
    /// <summary>Appends a marker; a partition that does not exist any more counts as done.</summary>
    ErrorCode Append(TopicPartition partition, long producerId, short producerEpoch, bool isCommit, int coordinatorEpoch);

    /// <summary>Ends when everything appended to the partition is durable.</summary>
    ValueTask<ErrorCode> FlushAsync(TopicPartition partition);
}
