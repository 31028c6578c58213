using System.Buffers.Binary;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// What one fetch brought for one partition: record batches one after the other, the last one possibly cut. Used again once it is released.
/// </summary>
internal sealed class FetchedSlice
{
    // A block that claims to expand beyond this is taken for damaged.
    private const int LargestDecompressed = 512 * 1024 * 1024;

    private const int MostKept = 256;

    private readonly ObjectPool<FetchedSlice>? _pool;
    private SharedBuffer? _buffer;
    private AbortedTransactionFilter? _filter;
    private MemoryClaim? _memory;
    private ObjectPool<RecordBatchLease>? _leases;
    private ReadOnlyMemory<byte> _rest;
    private bool _isReleased = true;

    // What of the bytes is not handed out yet; leases count what they hold themselves.
    private int _counted;

    /// <summary>A slice that goes back to the pool when it is released; null for one that does not.</summary>
    public FetchedSlice(ObjectPool<FetchedSlice>? pool = null) => _pool = pool;

    /// <summary>Slices that are used again once they are released.</summary>
    public static ObjectPool<FetchedSlice> NewPool()
    {
        ObjectPool<FetchedSlice> pool = null!;
        return pool = new(() => new FetchedSlice(pool), MostKept);
    }

    /// <summary>Begins to stand for what came, and takes over one use of the buffer.</summary>
    /// <param name="records">What came.</param>
    /// <param name="buffer">Owns it.</param>
    /// <param name="endOffset">End of the partition at the time of the fetch.</param>
    /// <param name="filter">Leaves out what was aborted.</param>
    /// <param name="memory">Counts the bytes until they are given back; null for nobody.</param>
    /// <param name="leases">Where leases come from; null to make new ones.</param>
    public FetchedSlice Open(
        ReadOnlyMemory<byte> records, SharedBuffer? buffer, long endOffset, AbortedTransactionFilter? filter, MemoryClaim? memory = null,
        ObjectPool<RecordBatchLease>? leases = null)
    {
        (_buffer, _filter, _memory, _leases, _rest, _isReleased) = (buffer, filter, memory, leases, records, false);
        (Size, EndOffset, LeaderEpoch, _counted) = (records.Length, endOffset, -1, records.Length);
        memory?.Grow(records.Length);
        return this;
    }

    /// <summary>Bytes that came.</summary>
    public int Size { get; private set; }

    /// <summary>End of the partition at the time of the fetch.</summary>
    public long EndOffset { get; private set; }

    /// <summary>The leader epoch of the batch that was walked last, -1 before the first.</summary>
    public int LeaderEpoch { get; private set; } = -1;

    /// <summary>The offset behind the last whole batch; null when there is none.</summary>
    /// <param name="records">Batches.</param>
    /// <param name="leaderEpoch">The leader epoch of the last one.</param>
    /// <exception cref="CorruptRecordException">A batch header is damaged.</exception>
    public static long? FindNextOffset(ReadOnlySpan<byte> records, out int leaderEpoch)
    {
        long? next = null;
        leaderEpoch = -1;
        while (RecordBatchView.TryRead(records, out var batch))
        {
            next = batch.LastOffset + 1;
            leaderEpoch = batch.PartitionLeaderEpoch;
            records = records[batch.SizeInBytes..];
        }

        return next;
    }

    /// <summary>Moves behind the next batch and hands it out if the application shall see it.</summary>
    /// <param name="partition">Where it comes from.</param>
    /// <param name="position">Records below are skipped; moves behind the batch.</param>
    /// <param name="checkCrc">Whether to verify the checksum.</param>
    /// <param name="lease">The batch; null when it is a control batch, aborted, empty or below the position.</param>
    /// <returns>False when there is no whole batch left.</returns>
    /// <exception cref="CorruptRecordException">The batch is damaged.</exception>
    public bool TryNext(TopicPartition partition, ref long position, bool checkCrc, out RecordBatchLease? lease)
    {
        lease = null;
        if (!RecordBatchView.TryRead(_rest.Span, out var batch))
        {
            return false;
        }

        if (checkCrc && !batch.IsCrcValid())
        {
            throw new CorruptRecordException(
                $"the batch at offset {batch.BaseOffset} of {partition} does not match its checksum; seek behind offset "
                    + $"{batch.LastOffset} to skip it");
        }

        var bytes = _rest[..batch.SizeInBytes];
        _rest = _rest[batch.SizeInBytes..];
        var isDropped = _filter?.Drops(batch, batch.IsControl ? MarkerOf(batch) : null) ?? false;
        if (batch.LastOffset >= position)
        {
            if (!isDropped && !batch.IsControl && batch.RecordCount > 0)
            {
                lease = Lease(partition, batch, bytes, position);
            }

            position = batch.LastOffset + 1;
            LeaderEpoch = batch.PartitionLeaderEpoch;
        }

        return true;
    }

    public void Release()
    {
        if (!_isReleased)
        {
            _isReleased = true;
            _memory?.Shrink(_counted);
            _buffer?.Release();
            (_buffer, _filter, _memory, _leases, _rest) = (null, null, null, null, default);
            _pool?.Return(this);
        }
    }

    private RecordBatchLease Lease(TopicPartition partition, in RecordBatchView batch, ReadOnlyMemory<byte> bytes, long position)
    {
        if (batch.Compression == CompressionType.None)
        {
            _counted -= bytes.Length;
            return NewLease().Open(
                partition, batch, bytes[RecordBatch.HeaderSize..], position, EndOffset, _buffer?.Retain(), _memory, bytes.Length);
        }

        var output = new PooledBufferWriter(batch.SizeInBytes * 4);
        try
        {
            Compressor.Decompress(batch.Compression, batch.RecordBytes, output, LargestDecompressed);
            _memory?.Grow(output.WrittenCount);
            return NewLease().Open(partition, batch, output, position, EndOffset, _memory);
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    private RecordBatchLease NewLease() => _leases?.Rent() ?? new RecordBatchLease(null);

    // The key of a control record: int16 version, int16 type.
    private static ControlRecordType? MarkerOf(in RecordBatchView batch) =>
        new RecordCursor(batch).TryRead(batch.RecordBytes, out var record) && record.Key.Length >= 4
            ? (ControlRecordType)BinaryPrimitives.ReadInt16BigEndian(record.Key[2..])
            : null;
}
