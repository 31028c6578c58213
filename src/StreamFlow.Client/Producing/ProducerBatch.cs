using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Client.Producing;

/// <summary>
/// A record batch on its way: being filled, waiting, in flight or waiting to be sent again. Guarded by its partition's gate until it is
/// taken. It goes back to its pool when everybody has heard what became of it.
/// </summary>
/// <param name="pool">Where it comes from.</param>
/// <param name="capacity">Bytes to begin with.</param>
internal sealed class ProducerBatch(BatchPool pool, int capacity) : IThreadPoolWorkItem
{
    private SendCompletion? _first;
    private SendCompletion? _last;
    private StreamFlowException? _error;
    private long _baseOffset;
    private long _appendTime;

    public PartitionQueue Queue { get; private set; } = null!;

    public RecordBatchBuilder Builder { get; } = new(capacity);

    public FlushEpoch Epoch { get; private set; } = null!;

    /// <summary>The clock's timestamp when the batch was begun.</summary>
    public long CreatedAt { get; private set; }

    /// <summary>Bytes taken from the budget.</summary>
    public int Reserved { get; set; }

    public int RecordCount => Builder.Count;

    /// <summary>Whether it holds records that nobody awaits.</summary>
    public bool HasUnawaited { get; private set; }

    /// <summary>Sequence of the first record; -1 until the batch is sent for the first time, or when there are no sequences.</summary>
    public int BaseSequence { get; set; }

    /// <summary>Place among the batches of the partition, to keep order without sequences.</summary>
    public long Number { get; set; }

    /// <summary>Place among the batches that one which was too large was split into: the records of it before this one's.</summary>
    public int Part { get; private set; }

    public int Attempts { get; set; }

    /// <summary>The clock's timestamp before which it is not sent again.</summary>
    public long RetryAt { get; set; }

    /// <summary>The encoded batch, once it was taken.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }

    /// <summary>Begins to take records of a partition.</summary>
    public ProducerBatch Begin(PartitionQueue queue, FlushEpoch epoch, long createdAt, int reserved)
    {
        (Queue, Epoch, CreatedAt, Reserved) = (queue, epoch, createdAt, reserved);
        BaseSequence = RecordBatch.NoSequence;
        return this;
    }

    /// <summary>Lets go of everything but the memory of the records.</summary>
    public ProducerBatch Cleared()
    {
        Builder.Reset();
        (Queue, Epoch, Bytes, HasUnawaited, Number, Part, Attempts, RetryAt) = (null!, null!, default, false, 0, 0, 0, 0);
        (_first, _last, _error) = (null, null, null);
        return this;
    }

    public void Append(
        long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, Headers headers,
            SendCompletion? completion)
    {
        if (completion is null)
        {
            HasUnawaited = true;
        }
        else
        {
            completion.Index = Builder.Count;
            _last = _last is null ? _first = completion : _last.Next = completion;
        }

        Builder.Append(timestamp, hasKey, key, hasValue, value, headers);
    }

    /// <summary>
    /// Moves the records into two batches of half as many, which take the place of this one, its sequence and its memory.
    /// </summary>
    public (ProducerBatch First, ProducerBatch Second) Split()
    {
        var half = RecordCount / 2;
        var first = PartOf(0, Reserved - (Reserved / 2));
        var second = PartOf(half, Reserved / 2);
        Epoch.Add();
        RecordBatchView.TryRead(Bytes.Span, out var view);
        using var plain = new PooledBufferWriter(Builder.SizeInBytes);
        var records = view.RecordBytes;
        if (view.Compression != CompressionType.None)
        {
            Compressor.Decompress(view.Compression, records, plain, Builder.SizeInBytes);
            records = plain.WrittenSpan;
        }

        var cursor = new RecordCursor(view);
        var completion = _first;
        for (var i = 0; cursor.TryRead(records, out var record); i++)
        {
            var awaited = completion?.Index == i ? completion : null;
            if (awaited is not null)
            {
                completion = awaited.Next;
                awaited.Next = null;
            }

            (i < half ? first : second).Append(
                record.Timestamp, record.HasKey, record.Key, record.HasValue, record.Value, record.ReadHeaders(), awaited);
        }

        _first = _last = null;
        return (first, second);
    }

    private ProducerBatch PartOf(int recordsBefore, int reserved)
    {
        var part = pool.Rent().Begin(Queue, Epoch, CreatedAt, reserved);
        (part.Number, part.Part, part.Attempts) = (Number, Part + recordsBefore, Attempts);
        part.BaseSequence = BaseSequence < 0 ? BaseSequence : (int)(((long)BaseSequence + recordsBefore) & int.MaxValue);
        return part;
    }

    /// <summary>
    /// Ends the waits for its records, away from the sender's thread: what awaits them may take its time. Then the batch is used again.
    /// </summary>
    public void End(long baseOffset, long appendTime, StreamFlowException? error)
    {
        if (_first is null)
        {
            pool.Return(this);
            return;
        }

        (_baseOffset, _appendTime, _error) = (baseOffset, appendTime, error);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var completion = _first; completion is not null;)
        {
            var next = completion.Next;
            if (_error is null)
            {
                completion.Complete(Queue.Partition, _baseOffset, _appendTime);
            }
            else
            {
                completion.Fail(_error);
            }

            completion = next;
        }

        pool.Return(this);
    }
}
