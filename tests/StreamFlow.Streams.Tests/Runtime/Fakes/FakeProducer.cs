using StreamFlow.Client;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Tests.Runtime.Fakes;

/// <summary>A producer of the fake cluster. Records are in the log at once; every hundredth append finds no room.</summary>
internal sealed class FakeProducer(FakeCluster cluster, ProducerOptions options) : IProducer
{
    private FakeTransaction? _transaction;
    private Dictionary<TopicPartition, OffsetAndMetadata>? _offsets;
    private int _appends;

    /// <summary>Its process is gone: nothing it does has an effect.</summary>
    public bool IsDead { get; set; }

    public ValueTask<RecordMetadata> SendAsync(ProducerRecord record, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public bool TryAppend(
        string topic, int partition, long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, Headers headers)
    {
        ThrowIfFenced();
        if (++_appends % 100 == 0)
        {
            return false;
        }

        lock (cluster.Gate)
        {
            if (!IsDead)
            {
                var offset = cluster.Topics[topic][partition].Append(
                    hasKey ? key.ToArray() : null, hasValue ? value.ToArray() : null, timestamp, headers, _transaction);
                options.OnDelivery?.Invoke(new DeliveryReport(new TopicPartition(topic, partition), offset, 1, null));
            }
        }

        return true;
    }

    public ValueTask WaitForSpaceAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public Task FlushAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(string topic, CancellationToken cancellationToken = default) =>
        new(FakeConsumer.PartitionsOf(cluster, topic));

    public Task InitTransactionsAsync(CancellationToken cancellationToken = default)
    {
        lock (cluster.Gate)
        {
            if (cluster.Transactional.TryGetValue(options.TransactionalId!, out var older))
            {
                older.End(committed: false);
            }

            cluster.Transactional[options.TransactionalId!] = this;
        }

        return Task.CompletedTask;
    }

    public void BeginTransaction()
    {
        ThrowIfFenced();
        Assert.Null(_transaction);
        _transaction = new FakeTransaction();
    }

    public Task SendOffsetsToTransactionAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, CancellationToken cancellationToken = default)
    {
        ThrowIfFenced();
        Assert.NotNull(_transaction);
        cluster.ThrowIfAsked();
        if (!cluster.Group.IsCurrent(group))
        {
            throw new CommitFailedException(ErrorCode.IllegalGeneration, "send offsets");
        }

        _offsets = new(offsets);
        return Task.CompletedTask;
    }

    public Task CommitTransactionAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFenced();
        lock (cluster.Gate)
        {
            if (!IsDead)
            {
                foreach (var (partition, offset) in _offsets ?? [])
                {
                    cluster.Committed[partition] = offset;
                }

                End(committed: true);
            }
        }

        return Task.CompletedTask;
    }

    public Task AbortTransactionAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFenced();
        lock (cluster.Gate)
        {
            if (!IsDead)
            {
                End(committed: false);
            }
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (cluster.Gate)
        {
            if (!IsDead)
            {
                End(committed: false);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void End(bool committed)
    {
        if (_transaction is not null)
        {
            _transaction.Committed = committed;
        }

        (_transaction, _offsets) = (null, null);
    }

    private void ThrowIfFenced()
    {
        if (options.TransactionalId is { } id && cluster.Transactional.TryGetValue(id, out var current) && current != this)
        {
            throw new ProducerFencedException(ErrorCode.ProducerFenced, "produce");
        }
    }
}
