using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>Tells its cluster what arrives; passes everything on.</summary>
internal sealed class MeteredConsumer(IConsumer inner, MeteredCluster cluster, bool isRestoring) : IConsumer
{
    public IReadOnlyCollection<TopicPartition> Assignment => inner.Assignment;

    public IReadOnlyCollection<string> Subscription => inner.Subscription;

    public IReadOnlyCollection<TopicPartition> Paused => inner.Paused;

    public ConsumerGroupMetadata GroupMetadata => inner.GroupMetadata;

    public void Subscribe(IEnumerable<string> topics, IRebalanceListener? listener = null) => inner.Subscribe(topics, listener);

    public void Subscribe(Regex pattern, IRebalanceListener? listener = null) => inner.Subscribe(pattern, listener);

    public void Subscribe(SubscriptionPattern pattern, IRebalanceListener? listener = null) => inner.Subscribe(pattern, listener);

    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        var list = partitions.ToList();
        if (isRestoring && list.Count > 0)
        {
            cluster.NoteRestore();
        }

        inner.Assign(list);
    }

    public ValueTask UnsubscribeAsync(CancellationToken cancellationToken = default) => inner.UnsubscribeAsync(cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordBatchLease?> PollAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var batch = await inner.PollAsync(timeout, cancellationToken);
        if (batch is not null && !isRestoring)
        {
            cluster.NoteArrival((int)(batch.NextOffset - batch.FirstOffset));
        }

        return batch;
    }

    public void Wakeup() => inner.Wakeup();

    public void RequestRebalance() => inner.RequestRebalance();

    public void Pause(IEnumerable<TopicPartition> partitions) => inner.Pause(partitions);

    public void Resume(IEnumerable<TopicPartition> partitions) => inner.Resume(partitions);

    public void Seek(TopicPartition partition, long offset) => inner.Seek(partition, offset);

    public void SeekToBeginning(IEnumerable<TopicPartition> partitions) => inner.SeekToBeginning(partitions);

    public void SeekToEnd(IEnumerable<TopicPartition> partitions) => inner.SeekToEnd(partitions);

    public long? Position(TopicPartition partition) => inner.Position(partition);

    public ValueTask<long> FindPositionAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        inner.FindPositionAsync(partition, cancellationToken);

    public long? EndOffset(TopicPartition partition) => inner.EndOffset(partition);

    public Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> CommittedAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default) =>
        inner.CommittedAsync(partitions, cancellationToken);

    public Task CommitAsync(CancellationToken cancellationToken = default) => inner.CommitAsync(cancellationToken);

    public Task CommitAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken = default) =>
        inner.CommitAsync(offsets, cancellationToken);

    public Task<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> OffsetsForTimesAsync(
        IReadOnlyDictionary<TopicPartition, long> timestamps, CancellationToken cancellationToken = default) =>
        inner.OffsetsForTimesAsync(timestamps, cancellationToken);

    public Task<IReadOnlyDictionary<TopicPartition, long>> BeginningOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default) =>
        inner.BeginningOffsetsAsync(partitions, cancellationToken);

    public Task<IReadOnlyDictionary<TopicPartition, long>> EndOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default) =>
        inner.EndOffsetsAsync(partitions, cancellationToken);

    public ValueTask<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(string topic, CancellationToken cancellationToken = default) =>
        inner.PartitionsForAsync(topic, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
