using System.Collections.Concurrent;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Records;

namespace StreamFlow.Client.Producing;

/// <summary>
/// Gathers records into batches: each record is encoded by its caller straight into the open batch of its partition. Thread safe.
/// </summary>
internal sealed class Accumulator(ProducerOptions options, MemoryClaim memory, TimeProvider clock, AsyncSignal wakeSender)
{
    private const int FirstReservation = 1024;

    private readonly ConcurrentDictionary<string, TopicQueues> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<PartitionQueue> _newlyActive = new();
    private readonly BatchPool _batches = new(options, FirstReservation);
    private readonly Lock _epochGate = new();
    private readonly List<FlushEpoch> _sealed = [];
    private readonly SendBuffer _buffer = new(options.BufferMemory, memory);
    private FlushEpoch _epoch = new();
    private TopicQueues? _last;
    private int _flushes;
    private StreamFlowException? _firstError;

    /// <summary>Whether open batches should be sent without waiting for more.</summary>
    public bool IsFlushing => Volatile.Read(ref _flushes) > 0 || _buffer.HasWaiters;

    public TopicQueues Topic(string topic)
    {
        // Most records go where the last one went, and callers name the topic by the same string.
        var last = Volatile.Read(ref _last);
        return last is not null && ReferenceEquals(last.Topic, topic) ? last : Find(topic);
    }

    public IEnumerable<PartitionQueue> AllQueues => _topics.Values.SelectMany(t => t.All);

    /// <summary>Appends a record.</summary>
    /// <returns>False when the budget is used up; nothing was appended.</returns>
    public bool TryAppend(
        PartitionQueue queue,
        long timestamp,
        bool hasKey,
        ReadOnlySpan<byte> key,
        bool hasValue,
        ReadOnlySpan<byte> value,
        Headers headers,
        SendCompletion? completion)
    {
        var needed = RecordBatchBuilder.MaxSizeOfRecord(key.Length, value.Length, headers);
        bool wake;
        lock (queue.Gate)
        {
            var batch = queue.Open;
            wake = batch is null;
            if (batch is not null && batch.Builder.SizeInBytes + needed > Math.Min(options.BatchSize, queue.LargestBatch))
            {
                queue.CloseOpen();
                batch = null;
                wake = true;
            }

            batch = batch is null ? Begin(queue, needed) : Extend(batch, needed);
            if (batch is null)
            {
                return false;
            }

            batch.Append(timestamp, hasKey, key, hasValue, value, headers, completion);
            wake = Activate(queue) || (wake && !queue.WaitsForAnswer);
        }

        if (wake)
        {
            wakeSender.Set();
        }

        return true;
    }

    /// <summary>
    /// Has a batch that the broker refuses as too large sent again as two, and keeps the next ones of its partition as small for a while.
    /// The caller holds its gate.
    /// </summary>
    public void Split(ProducerBatch batch)
    {
        var (first, second) = batch.Split();
        var queue = batch.Queue;
        queue.LimitBatches(batch.Builder.SizeInBytes / 2);
        queue.Retry(first);
        queue.Retry(second);
        _batches.Return(batch);
        Activate(queue);
    }

    /// <summary>Puts a partition on the sender's list. The caller holds its gate.</summary>
    /// <returns>False when it is there already.</returns>
    public bool Activate(PartitionQueue queue)
    {
        if (queue.IsActive)
        {
            return false;
        }

        queue.IsActive = true;
        _newlyActive.Enqueue(queue);
        return true;
    }

    public bool TryTakeNewlyActive(out PartitionQueue? queue) => _newlyActive.TryDequeue(out queue);

    /// <summary>A batch is written or has failed: tells everybody who cares and frees its memory.</summary>
    public void Complete(ProducerBatch batch, long baseOffset, long appendTime, StreamFlowException? error)
    {
        if (error is not null && batch.HasUnawaited)
        {
            Interlocked.CompareExchange(ref _firstError, error, null);
        }

        Report(new(batch.Queue.Partition, error is null ? baseOffset : -1, batch.RecordCount, error));
        _buffer.Release(batch.Reserved);

        // The batch may be another one when its end has begun.
        var epoch = batch.Epoch;
        batch.End(baseOffset, appendTime, error);
        epoch.Remove();
    }

    private void Report(in DeliveryReport report)
    {
        try
        {
            options.OnDelivery?.Invoke(report);
        }
#pragma warning disable CA1031 // a callback that throws must not stop the sender; the next flush throws its error
        catch (Exception e)
#pragma warning restore CA1031
        {
            var error = e as StreamFlowException ?? new StreamFlowException($"the delivery callback failed: {e.Message}", e);
            Interlocked.CompareExchange(ref _firstError, error, null);
        }
    }

    /// <summary>Waits for all records sent so far, those that still wait for metadata or room among them.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _flushes);
        try
        {
            foreach (var topic in _topics.Values)
            {
                await topic.Line.PassAsync(cancellationToken).ConfigureAwait(false);
            }

            var begun = BatchesBegunAsync();
            wakeSender.Set();
            await begun.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _flushes);
        }
    }

    /// <summary>Waits until memory becomes free; the sender stops waiting for fuller batches meanwhile.</summary>
    public ValueTask WaitForSpaceAsync(CancellationToken cancellationToken)
    {
        var space = _buffer.WaitAsync(cancellationToken);
        wakeSender.Set();
        return space;
    }

    /// <summary>The first failure of a record that nobody awaited, and forgets it.</summary>
    public StreamFlowException? TakeFirstError() => Interlocked.Exchange(ref _firstError, null);

    private TopicQueues Find(string topic)
    {
        var queues = _topics.TryGetValue(topic, out var known)
            ? known
            : _topics.GetOrAdd(topic, static (name, size) => new TopicQueues(name, size), options.BatchSize);
        Volatile.Write(ref _last, queues);
        return queues;
    }

    private ProducerBatch? Begin(PartitionQueue queue, int needed)
    {
        var reserved = Math.Max(FirstReservation, needed + RecordBatch.HeaderSize);
        if (!_buffer.TryReserve(reserved))
        {
            return null;
        }

        FlushEpoch epoch;
        lock (_epochGate)
        {
            epoch = _epoch;
            epoch.Add();
        }

        var batch = _batches.Rent().Begin(queue, epoch, clock.GetTimestamp(), reserved);
        queue.Begin(batch);
        return batch;
    }

    // Memory is accounted for in doubling steps, so that most records touch no shared counter.
    private ProducerBatch? Extend(ProducerBatch batch, int needed)
    {
        var missing = batch.Builder.SizeInBytes + needed - batch.Reserved;
        if (missing <= 0)
        {
            return batch;
        }

        var step = Math.Max(missing, batch.Reserved);
        if (!_buffer.TryReserve(step))
        {
            return null;
        }

        batch.Reserved += step;
        return batch;
    }

    /// <summary>Ends when the batches begun so far have.</summary>
    private Task BatchesBegunAsync()
    {
        lock (_epochGate)
        {
            _sealed.RemoveAll(e => e.Done.IsCompleted);
            _sealed.Add(_epoch);
            var all = Task.WhenAll(_sealed.Select(e => e.Done));
            _epoch.Remove();
            _epoch = new FlushEpoch();
            return all;
        }
    }
}
