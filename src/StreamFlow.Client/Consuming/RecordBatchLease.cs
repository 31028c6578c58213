using StreamFlow.Client.Transport;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// One record batch of one partition, in the memory it was fetched into (or decompressed into). Whoever holds the lease owns the memory
/// until <see cref="Dispose"/>; spans read from it are valid until then. Not thread safe, but may be handed to another thread.
/// </summary>
public sealed class RecordBatchLease : IDisposable
{
    private const int MostKept = 1024;

    private readonly ObjectPool<RecordBatchLease>? _pool;
    private SharedBuffer? _buffer;
    private PooledBufferWriter? _decompressed;
    private MemoryClaim? _memory;
    private int _counted;
    private ReadOnlyMemory<byte> _records;
    private RecordCursor _start;
    private RecordCursor _cursor;
    private bool _isDisposed;

    /// <summary>Creates a lease over a batch.</summary>
    /// <param name="partition">Where it comes from.</param>
    /// <param name="batch">The batch's header.</param>
    /// <param name="records">The batch's records, decompressed.</param>
    /// <param name="firstOffset">Records below this offset are skipped: a fetch returns whole batches.</param>
    /// <param name="endOffset">The partition's end at the time of the fetch.</param>
    /// <param name="buffer">The owner of <paramref name="records"/>, released by dispose; null when nobody needs to know.</param>
    public RecordBatchLease(
        TopicPartition partition, in RecordBatchView batch, ReadOnlyMemory<byte> records, long firstOffset, long endOffset,
            SharedBuffer? buffer)
    {
        Open(partition, batch, records, firstOffset, endOffset);
        _buffer = buffer;
    }

    /// <summary>A lease that goes back to the pool when it is disposed; null for one that does not.</summary>
    internal RecordBatchLease(ObjectPool<RecordBatchLease>? pool) => (_pool, _isDisposed) = (pool, true);

    /// <summary>Leases that are used again once they are disposed (<see cref="ConsumerOptions.ReuseBatches"/>).</summary>
    internal static ObjectPool<RecordBatchLease> NewPool()
    {
        ObjectPool<RecordBatchLease> pool = null!;
        return pool = new(() => new RecordBatchLease(pool), MostKept);
    }

    /// <summary>Where the batch comes from.</summary>
    public TopicPartition Partition { get; private set; }

    /// <summary>The batch's base offset; may lie below <see cref="FirstOffset"/>.</summary>
    public long BaseOffset { get; private set; }

    /// <summary>The offset at which reading begins.</summary>
    public long FirstOffset { get; private set; }

    /// <summary>The offset behind the batch: the partition's next position.</summary>
    public long NextOffset { get; private set; }

    /// <summary>
    /// The offset behind the last record that <see cref="TryRead"/> gave out; <see cref="FirstOffset"/> before the first.
    /// </summary>
    public long ReadOffset { get; private set; }

    /// <summary>Leader epoch of the batch, -1 when not known.</summary>
    public int LeaderEpoch { get; private set; }

    /// <summary>The largest timestamp of the batch (ms).</summary>
    public long MaxTimestamp { get; private set; }

    /// <summary>What the timestamps mean.</summary>
    public TimestampType TimestampType { get; private set; }

    /// <summary>Records in the batch, those below <see cref="FirstOffset"/> included.</summary>
    public int RecordCount { get; private set; }

    /// <summary>End of the partition when this was fetched (high watermark, with read_committed the last stable offset).</summary>
    public long EndOffset { get; private set; }

    /// <summary>The records' bytes, decompressed, as <see cref="RecordCursor"/> walks them.</summary>
    /// <exception cref="ObjectDisposedException">The lease was disposed.</exception>
    public ReadOnlyMemory<byte> Records
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _records;
        }
    }

    /// <summary>
    /// A cursor in front of the batch's first record, independent of <see cref="TryRead"/>; it does not skip records below <see
    /// cref="FirstOffset"/>.
    /// </summary>
    public RecordCursor GetCursor() => _start;

    /// <summary>Begins to stand for a batch in a shared buffer, whose bytes are counted by the claim until dispose.</summary>
    internal RecordBatchLease Open(
        TopicPartition partition, in RecordBatchView batch, ReadOnlyMemory<byte> records, long firstOffset, long endOffset,
        SharedBuffer? buffer, MemoryClaim? memory, int counted)
    {
        Open(partition, batch, records, firstOffset, endOffset);
        (_buffer, _memory, _counted) = (buffer, memory, counted);
        return this;
    }

    /// <summary>Begins to stand for a batch that was decompressed, and takes the output over.</summary>
    internal RecordBatchLease Open(
        TopicPartition partition, in RecordBatchView batch, PooledBufferWriter decompressed, long firstOffset, long endOffset,
        MemoryClaim? memory)
    {
        Open(partition, batch, decompressed.WrittenMemory, firstOffset, endOffset);
        (_decompressed, _memory, _counted) = (decompressed, memory, decompressed.WrittenCount);
        return this;
    }

    /// <summary>Reads the next record, skipping those below <see cref="FirstOffset"/>.</summary>
    /// <param name="record">The record; valid until the lease is disposed.</param>
    /// <returns>False behind the last record.</returns>
    /// <exception cref="ObjectDisposedException">The lease was disposed.</exception>
    /// <exception cref="Core.Errors.CorruptRecordException">A length points outside the batch.</exception>
    public bool TryRead(out RecordView record)
    {
        var records = Records.Span;
        while (_cursor.TryRead(records, out record))
        {
            if (record.Offset >= FirstOffset)
            {
                ReadOffset = record.Offset + 1;
                return true;
            }
        }

        ReadOffset = NextOffset;
        return false;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _memory?.Shrink(_counted);
            _buffer?.Release();
            _decompressed?.Dispose();
            (_buffer, _decompressed, _memory, _counted, _records) = (null, null, null, 0, default);
            _pool?.Return(this);
        }
    }

    private void Open(
        TopicPartition partition, in RecordBatchView batch, ReadOnlyMemory<byte> records, long firstOffset, long endOffset)
    {
        Partition = partition;
        BaseOffset = batch.BaseOffset;
        FirstOffset = Math.Max(firstOffset, batch.BaseOffset);
        NextOffset = batch.LastOffset + 1;
        LeaderEpoch = batch.PartitionLeaderEpoch;
        MaxTimestamp = batch.MaxTimestamp;
        TimestampType = batch.TimestampType;
        RecordCount = batch.RecordCount;
        EndOffset = endOffset;
        ReadOffset = FirstOffset;
        _records = records;
        _start = _cursor = new RecordCursor(batch);
        _isDisposed = false;
    }
}
