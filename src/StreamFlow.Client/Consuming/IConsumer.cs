using System.Text.RegularExpressions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// Reads records, alone (<see cref="Assign"/>) or as a member of a group
/// (<see cref="Subscribe(IEnumerable{string}, IRebalanceListener?)"/>). Not thread safe: one caller at a time, except for
/// <see cref="Wakeup"/>. Heartbeats and fetching go on between calls. Disposing commits (when automatic), leaves the group and closes.
/// </summary>
public interface IConsumer : IAsyncDisposable
{
    /// <summary>The partitions this consumer reads now.</summary>
    IReadOnlyCollection<TopicPartition> Assignment { get; }

    /// <summary>The topics of the subscription; empty without one.</summary>
    IReadOnlyCollection<string> Subscription { get; }

    /// <summary>The partitions that are paused.</summary>
    IReadOnlyCollection<TopicPartition> Paused { get; }

    /// <summary>The group and this member's place in it, to commit offsets in a producer's transaction.</summary>
    /// <exception cref="InvalidOperationException">The consumer has no group.</exception>
    ConsumerGroupMetadata GroupMetadata { get; }

    /// <summary>Joins the group at the next poll and reads what it is assigned of these topics. Replaces the subscription.</summary>
    /// <param name="topics">The topics.</param>
    /// <param name="listener">Told when partitions come and go; null for nobody.</param>
    /// <exception cref="InvalidOperationException">The consumer has no group or is assigned by hand.</exception>
    void Subscribe(IEnumerable<string> topics, IRebalanceListener? listener = null);

    /// <summary>
    /// As <see cref="Subscribe(IEnumerable{string}, IRebalanceListener?)"/>, for all topics whose name the pattern matches, now and later.
    /// </summary>
    /// <param name="pattern">Matched against topic names; anchor it where needed.</param>
    /// <param name="listener">Told when partitions come and go; null for nobody.</param>
    /// <exception cref="InvalidOperationException">The consumer has no group or is assigned by hand.</exception>
    void Subscribe(Regex pattern, IRebalanceListener? listener = null);

    /// <summary>
    /// As <see cref="Subscribe(IEnumerable{string}, IRebalanceListener?)"/>, for all topics whose whole name the broker finds to match.
    /// Needs <c>group.protocol=consumer</c>.
    /// </summary>
    /// <param name="pattern">An expression that the broker evaluates.</param>
    /// <param name="listener">Told when partitions come and go; null for nobody.</param>
    /// <exception cref="InvalidOperationException">The consumer has no such group or is assigned by hand.</exception>
    void Subscribe(SubscriptionPattern pattern, IRebalanceListener? listener = null);

    /// <summary>Reads exactly these partitions. Positions of partitions that stay are kept.</summary>
    /// <param name="partitions">The partitions; none ends the assignment.</param>
    /// <exception cref="InvalidOperationException">The consumer has a subscription.</exception>
    void Assign(IEnumerable<TopicPartition> partitions);

    /// <summary>Leaves the group, or drops the assignment.</summary>
    ValueTask UnsubscribeAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Hands out the next batch of records, taking turns between partitions. Does the group's work too: joins, rejoins and calls the
    /// listener. The position of the batch's partition moves behind the batch.
    /// </summary>
    /// <param name="timeout">How long to wait for records; zero does not wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A batch, to be disposed when it is processed; null when there is none within the timeout.</returns>
    /// <exception cref="BrokerException">The group or a topic cannot be used; <see cref="ErrorCode.FencedInstanceId"/> means that another
    /// static member took over.</exception>
    /// <exception cref="OffsetOutOfRangeException">There is no offset to begin at, and the reset policy is none.</exception>
    /// <exception cref="CorruptRecordException">A batch is damaged; the position stays in front of it.</exception>
    ValueTask<RecordBatchLease?> PollAsync(TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>Ends a wait in <see cref="PollAsync"/> early; it returns null. May be called by any thread.</summary>
    void Wakeup();

    /// <summary>
    /// Rejoins the group at the next poll even though nothing changed, so that its leader assigns anew. Does nothing with
    /// <c>group.protocol=consumer</c>, where the broker assigns.
    /// </summary>
    void RequestRebalance();

    /// <summary>Stops handing out and fetching records of these partitions, without giving them up.</summary>
    void Pause(IEnumerable<TopicPartition> partitions);

    /// <summary>Ends a pause.</summary>
    void Resume(IEnumerable<TopicPartition> partitions);

    /// <summary>Continues at the offset.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    void Seek(TopicPartition partition, long offset);

    /// <summary>Continues at the oldest records.</summary>
    void SeekToBeginning(IEnumerable<TopicPartition> partitions);

    /// <summary>Continues behind the newest records (with read_committed: of the last stable offset).</summary>
    void SeekToEnd(IEnumerable<TopicPartition> partitions);

    /// <summary>The offset at which the next batch begins.</summary>
    /// <returns>Null when the position is not known yet: poll, or ask <see cref="FindPositionAsync"/>.</returns>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    long? Position(TopicPartition partition);

    /// <summary>The offset at which the next batch begins; asks the brokers when it is not known yet.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    ValueTask<long> FindPositionAsync(TopicPartition partition, CancellationToken cancellationToken = default);

    /// <summary>
    /// End of the partition as of the last fetch (high watermark, with read_committed the last stable offset), null before one.
    /// </summary>
    long? EndOffset(TopicPartition partition);

    /// <summary>The committed offsets of this group; partitions without one are missing.</summary>
    Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> CommittedAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default);

    /// <summary>Commits the positions of all assigned partitions.</summary>
    /// <exception cref="CommitFailedException">This member is not part of the group's current generation.</exception>
    Task CommitAsync(CancellationToken cancellationToken = default);

    /// <summary>Commits these offsets.</summary>
    /// <param name="offsets">The next offset to process of each partition.</param>
    /// <param name="cancellationToken">Ends the wait; whether the commit happened is not known then.</param>
    /// <exception cref="CommitFailedException">This member is not part of the group's current generation.</exception>
    Task CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken = default);

    /// <summary>
    /// The first offset of each partition whose record has at least the timestamp (ms); partitions without such a record are missing.
    /// </summary>
    Task<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> OffsetsForTimesAsync(
        IReadOnlyDictionary<TopicPartition, long> timestamps, CancellationToken cancellationToken = default);

    /// <summary>The oldest offset of each partition.</summary>
    Task<IReadOnlyDictionary<TopicPartition, long>> BeginningOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default);

    /// <summary>The end of each partition: high watermark, with read_committed the last stable offset.</summary>
    Task<IReadOnlyDictionary<TopicPartition, long>> EndOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default);

    /// <summary>The partitions of a topic, from metadata.</summary>
    /// <exception cref="BrokerException">The topic does not exist.</exception>
    ValueTask<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(string topic, CancellationToken cancellationToken = default);
}
