using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Core.Records;

/// <summary>
/// Writes one record batch of format version 2. Records are encoded straight into the buffer as they come; header, compression
/// and checksum follow at <see cref="Finish"/>. <see cref="Reset"/> makes the builder ready for the next batch and keeps its buffers.
/// Not thread safe.
/// </summary>
public sealed class RecordBatchBuilder : IDisposable
{
    private readonly PooledBufferWriter _buffer;
    private PooledBufferWriter? _compressed;
    private long? _deleteHorizon;
    private long _baseTimestamp;
    private long _maxTimestamp;
    private int _lastOffsetDelta;
    private int _count;

    /// <summary>Creates a builder.</summary>
    /// <param name="initialCapacity">Bytes to rent at first.</param>
    public RecordBatchBuilder(int initialCapacity = 1024)
    {
        _buffer = new PooledBufferWriter(Math.Max(initialCapacity, RecordBatch.HeaderSize));
        Reset();
    }

    /// <summary>Records appended so far.</summary>
    public int Count => _count;

    /// <summary>Size in bytes of header and records so far, before compression.</summary>
    public int SizeInBytes => _buffer.WrittenCount;

    /// <summary>The largest timestamp so far (ms), -1 while empty.</summary>
    public long MaxTimestamp => _maxTimestamp;

    /// <summary>Forgets everything and begins an empty batch.</summary>
    /// <param name="deleteHorizon">
    /// When the batch's tombstones may be removed (ms, KIP-534); it takes the place of the base timestamp. Null for none, as all but a log
    /// cleaner want.
    /// </param>
    public void Reset(long? deleteHorizon = null)
    {
        _buffer.Clear();
        _buffer.GetSpan(RecordBatch.HeaderSize)[..RecordBatch.HeaderSize].Clear();
        _buffer.Advance(RecordBatch.HeaderSize);
        _deleteHorizon = deleteHorizon;
        _baseTimestamp = deleteHorizon ?? 0;
        _maxTimestamp = RecordBatch.NoTimestamp;
        _lastOffsetDelta = -1;
        _count = 0;
    }

    /// <summary>The most bytes a record of these sizes can take, to decide whether it still fits.</summary>
    public static int MaxSizeOfRecord(int keyLength, int valueLength, Headers headers)
    {
        var size = (3 * Varint.MaxLength32) + Varint.MaxLength64 + 1 + (2 * Varint.MaxLength32) + keyLength + valueLength;
        foreach (ref readonly var header in headers.AsSpan())
        {
            size += (2 * Varint.MaxLength32) + Encoding.UTF8.GetMaxByteCount(header.Key.Length) + (header.Value?.Length ?? 0);
        }

        return size;
    }

    /// <summary>Appends a record at the next offset.</summary>
    /// <param name="timestamp">ms since 1970.</param>
    /// <param name="hasKey">False for a null key.</param>
    /// <param name="key">The key's bytes.</param>
    /// <param name="hasValue">False for a null value.</param>
    /// <param name="value">The value's bytes.</param>
    /// <param name="headers">The headers, <see cref="Headers.Empty"/> for none.</param>
    public void Append(long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, Headers headers) =>
        AppendAt(_lastOffsetDelta + 1, timestamp, hasKey, key, hasValue, value, headers);

    /// <summary>Appends a record with a chosen distance to the base offset, as compaction needs it; distances must grow.</summary>
    public void AppendAt(
        int offsetDelta, long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, Headers headers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(offsetDelta, _lastOffsetDelta);
        if (_count == 0 && _deleteHorizon is null)
        {
            _baseTimestamp = timestamp;
        }

        var timestampDelta = timestamp - _baseTimestamp;
        var headerSize = headers.Count == 0 ? 1 : SizeOfHeaders(headers);
        var bodySize = 1 + Varint.SizeOfInt64(timestampDelta) + Varint.SizeOfInt32(offsetDelta)
            + Varint.SizeOfInt32(hasKey ? key.Length : -1) + key.Length
            + Varint.SizeOfInt32(hasValue ? value.Length : -1) + value.Length
            + headerSize;

        var span = _buffer.GetSpan(bodySize + Varint.MaxLength32);
        var at = Varint.WriteInt32(span, bodySize);
        span[at++] = 0;
        at += Varint.WriteInt64(span[at..], timestampDelta);
        at += Varint.WriteInt32(span[at..], offsetDelta);
        at += WriteBytes(span[at..], hasKey, key);
        at += WriteBytes(span[at..], hasValue, value);
        if (headers.Count == 0)
        {
            span[at++] = 0;
        }
        else
        {
            at += WriteHeaders(span[at..], headers);
        }

        _buffer.Advance(at);

        _lastOffsetDelta = offsetDelta;
        _maxTimestamp = Math.Max(_maxTimestamp, timestamp);
        _count++;
    }

    /// <summary>
    /// Writes header and checksum, compressing the records when asked. The memory belongs to the builder and is valid until
    /// <see cref="Reset"/> or dispose.
    /// </summary>
    /// <param name="options">What the header says besides the records.</param>
    public Memory<byte> Finish(in RecordBatchOptions options)
    {
        var output = _buffer;
        if (options.Compression != CompressionType.None)
        {
            output = _compressed ??= new PooledBufferWriter(_buffer.WrittenCount);
            output.Clear();
            output.Write(_buffer.WrittenSpan[..RecordBatch.HeaderSize]);
            Compression.Compressor.Compress(
                options.Compression, options.CompressionLevel, _buffer.WrittenSpan[RecordBatch.HeaderSize..], output);
        }

        var batch = output.WrittenSpanForPatch;
        BinaryPrimitives.WriteInt64BigEndian(batch, options.BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LengthPosition..], batch.Length - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LeaderEpochPosition..], options.PartitionLeaderEpoch);
        batch[RecordBatch.MagicPosition] = RecordBatch.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatch.AttributesPosition..], Attributes(options));
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LastOffsetDeltaPosition..], options.LastOffsetDelta ?? Math.Max(
            _lastOffsetDelta, 0));
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.BaseTimestampPosition..], _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.MaxTimestampPosition..], _maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.ProducerIdPosition..], options.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatch.ProducerEpochPosition..], options.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.BaseSequencePosition..], options.BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.RecordCountPosition..], _count);
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatch.CrcPosition..], Crc32C.Compute(batch[RecordBatch.AttributesPosition..]));
        return System.Runtime.InteropServices.MemoryMarshal.AsMemory(output.WrittenMemory);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer.Dispose();
        _compressed?.Dispose();
    }

    private short Attributes(in RecordBatchOptions options) =>
        (short)((int)options.Compression
            | (_deleteHorizon is not null ? RecordBatch.DeleteHorizonMask : 0)
            | (options.TimestampType == TimestampType.LogAppendTime ? RecordBatch.TimestampTypeMask : 0)
            | (options.IsTransactional ? RecordBatch.TransactionalMask : 0)
            | (options.IsControl ? RecordBatch.ControlMask : 0));

    private static int WriteBytes(Span<byte> destination, bool present, ReadOnlySpan<byte> bytes)
    {
        var at = Varint.WriteInt32(destination, present ? bytes.Length : -1);
        bytes.CopyTo(destination[at..]);
        return at + bytes.Length;
    }

    private static int SizeOfHeaders(Headers headers)
    {
        var size = Varint.SizeOfInt32(headers.Count);
        foreach (ref readonly var header in headers.AsSpan())
        {
            var keyLength = Encoding.UTF8.GetByteCount(header.Key);
            size += Varint.SizeOfInt32(keyLength) + keyLength;
            size += Varint.SizeOfInt32(header.Value?.Length ?? -1) + (header.Value?.Length ?? 0);
        }

        return size;
    }

    private static int WriteHeaders(Span<byte> destination, Headers headers)
    {
        var at = Varint.WriteInt32(destination, headers.Count);
        foreach (ref readonly var header in headers.AsSpan())
        {
            at += Varint.WriteInt32(destination[at..], Encoding.UTF8.GetByteCount(header.Key));
            at += Encoding.UTF8.GetBytes(header.Key, destination[at..]);
            at += WriteBytes(destination[at..], header.Value is not null, header.Value);
        }

        return at;
    }
}
