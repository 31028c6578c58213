using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>Told by <see cref="IConsumer.PollAsync"/> when partitions come and go; never called outside of it or of closing.</summary>
public interface IRebalanceListener
{
    /// <summary>Partitions were added. With the cooperative protocol: only the new ones, possibly none.</summary>
    ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken);

    /// <summary>Partitions are about to go; their offsets can still be committed here.</summary>
    ValueTask OnRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken);

    /// <summary>Partitions are gone already, somebody else may own them: their offsets cannot be committed any more.</summary>
    ValueTask OnLostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken);
}
