using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Transactions;

/// <summary>Writes markers into the partitions of this broker, which has them all, and tells groups whose offsets they decide.</summary>
internal sealed class LocalMarkers(PartitionManager partitions, GroupCoordinator groups) : ITransactionMarkers
{
    /// <inheritdoc/>
    public ErrorCode Append(TopicPartition partition, long producerId, short producerEpoch, bool isCommit, int coordinatorEpoch)
    {
        if (!partitions.TryGet(partition.Topic, partition.Partition, out var found))
        {
            return ErrorCode.None;
        }

        var error = found.AppendMarker(producerId, producerEpoch, isCommit, coordinatorEpoch);
        if (error == ErrorCode.None && partition.Topic == TopicImage.ConsumerOffsets)
        {
            groups.OnMarker(partition.Partition, producerId, isCommit);
        }

        return error;
    }

    /// <inheritdoc/>
    public ValueTask<ErrorCode> FlushAsync(TopicPartition partition) =>
        partitions.TryGet(partition.Topic, partition.Partition, out var found) ? found.FlushAsync() : new(ErrorCode.None);
}
