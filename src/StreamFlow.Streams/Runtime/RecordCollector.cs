using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// Where the tasks of one thread write: straight into the producer's open batches. What finds no room waits here in a list, and the thread
/// drains it (<see cref="DrainAsync"/>) before it processes more. Used by the thread's loop; the producer reports deliveries from its own.
/// A failure of the producer (fenced, transaction lost) is no fault of the record being processed: it is kept, what follows is dropped, and
/// the drain throws it, outside of any task.
/// </summary>
internal sealed class RecordCollector : IRecordCollector
{
    /// <summary>Records without a key that go to one partition before the next has its turn: enough to fill batches.</summary>
    private const int KeylessRun = 512;

    private readonly ConcurrentDictionary<TopicPartition, long> _ends = new();
    private readonly Dictionary<string, int> _partitionCounts = new(StringComparer.Ordinal);
    private readonly Queue<Waiting> _waiting = new();
    private readonly bool _isTransactional;
    private IProducer? _producer;
    private Exception? _failure;
    private int _keyless;

    // The topic of the last record: sinks write one topic after the other, and hand over the same string each time.
    private string? _lastTopic;
    private int _lastCount;

    public RecordCollector(bool isTransactional) => _isTransactional = isTransactional;

    /// <summary>Whether records wait for room, or the producer has failed: the thread must drain before it goes on.</summary>
    public bool MustDrain => _waiting.Count > 0 || _failure is not null;

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction { get; private set; }

    /// <summary>The offset behind the last acknowledged record of a partition; null when this collector wrote none there.</summary>
    public long? EndOf(TopicPartition partition) => _ends.TryGetValue(partition, out var end) ? end : null;

    /// <summary>Takes delivery reports: the producer's <see cref="ProducerOptions.OnDelivery"/>.</summary>
    public void OnDelivery(DeliveryReport report)
    {
        if (report.Error is null && report.BaseOffset >= 0)
        {
            _ends[report.Partition] = report.BaseOffset + report.RecordCount;
        }
    }

    /// <summary>Writes through this producer from now on.</summary>
    public void Use(IProducer producer)
    {
        _producer = producer;
        IsInTransaction = false;
        DropWaiting();
    }

    /// <summary>Learns the sizes of topics that tasks will write, so that nothing waits for them later.</summary>
    public async Task LearnTopicsAsync(IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        foreach (var topic in topics)
        {
            if (!_partitionCounts.ContainsKey(topic))
            {
                var partitions = await _producer!.PartitionsForAsync(topic, cancellationToken).ConfigureAwait(false);
                _partitionCounts[topic] = partitions.Count;
            }
        }
    }

    /// <inheritdoc/>
    public int PartitionCount(string topic) => _partitionCounts.TryGetValue(topic, out var count)
        ? count
        : throw new Errors.StreamsException(
            $"the partitions of topic '{topic}' are not known; a topic that is chosen per record cannot have a partitioner of its own "
                + $"until it was written to once");

    /// <inheritdoc/>
    public void Send(string topic, int partition, in SerializedRecord record)
    {
        if (partition < 0)
        {
            partition = Choose(topic, record.HasKey, record.Key[..Math.Max(0, record.PartitionKeyLength)]);
        }

        Append(topic, partition, record.Timestamp, record.HasKey, record.Key, record.HasValue, record.Value, record.Headers);
    }

    /// <summary>Appends a record to a chosen partition.</summary>
    public void Append(
        string topic, int partition, long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value,
            Headers headers)
    {
        if (_failure is not null)
        {
            return;
        }

        try
        {
            Begin();
            if (partition < 0
                || _waiting.Count > 0
                || !_producer!.TryAppend(topic, partition, timestamp, hasKey, key, hasValue, value, headers))
            {
                _waiting.Enqueue(new Waiting(topic, partition, timestamp, hasKey ? key.ToArray(
                    ) : null, hasValue ? value.ToArray() : null, headers));
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    /// <summary>Waits until all records that found no room are in the producer.</summary>
    /// <exception cref="StreamFlowException">The producer has failed.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        while (_waiting.TryPeek(out var next))
        {
            if (next.Partition < 0)
            {
                await LearnTopicsAsync([next.Topic], cancellationToken).ConfigureAwait(false);
            }

            var partition = next.Partition >= 0 ? next.Partition : Choose(next.Topic, next.Key is not null, next.Key);
            if (_producer!.TryAppend(
                next.Topic, partition, next.Timestamp, next.Key is not null, next.Key, next.Value is not null, next.Value, next.Headers))
            {
                _waiting.Dequeue();
            }
            else
            {
                await _producer.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until everything sent is acknowledged.</summary>
    /// <exception cref="StreamFlowException">A record could not be written.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await _producer!.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a transaction if there is none, with exactly once.</summary>
    public void Begin()
    {
        if (_isTransactional && !IsInTransaction)
        {
            _producer!.BeginTransaction();
            IsInTransaction = true;
        }
    }

    /// <summary>The transaction has ended, or its producer is gone.</summary>
    public void EndTransaction() => IsInTransaction = false;

    /// <summary>Drops what waits, and the failure that is known: its tasks were closed.</summary>
    public void DropWaiting()
    {
        _waiting.Clear();
        _failure = null;
    }

    private int Choose(string topic, bool hasKey, ReadOnlySpan<byte> key)
    {
        if (!ReferenceEquals(topic, _lastTopic))
        {
            if (!_partitionCounts.TryGetValue(topic, out var known))
            {
                return -1;
            }

            (_lastTopic, _lastCount) = (topic, known);
        }

        return hasKey ? (Murmur2.Hash(key) & int.MaxValue) % _lastCount : (int)((uint)_keyless++ / KeylessRun % (uint)_lastCount);
    }

    private sealed record Waiting(string Topic, int Partition, long Timestamp, byte[]? Key, byte[]? Value, Headers Headers);
}
