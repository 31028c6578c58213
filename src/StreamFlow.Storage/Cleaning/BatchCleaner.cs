using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Cleaning;

/// <summary>
/// Takes the superseded records out of a batch. Offsets, codec, producer and sequence stay; the batch may become sparse, or empty. A batch
/// that keeps tombstones, or a marker whose data is gone, gets a delete horizon (KIP-534): base timestamp and attribute bit 6 say when
/// they may go.
/// </summary>
internal sealed class BatchCleaner(CleanerOffsetMap map, long now, long deleteRetentionMs) : IDisposable
{
    private readonly PooledBufferWriter _plain = new(64 * 1024);
    private readonly RecordBatchBuilder _builder = new(64 * 1024);

    /// <summary>Cleans a batch.</summary>
    /// <param name="bytes">The batch.</param>
    /// <param name="isMarkerOfEmpty">Whether it is a marker whose transaction has no data left.</param>
    /// <param name="keepEmpty">Whether an empty batch is to be kept, for its producer's sequence.</param>
    /// <returns>The batch to write, valid until the next call; empty when nothing is left of it.</returns>
    public ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> bytes, bool isMarkerOfEmpty, bool keepEmpty)
    {
        _ = RecordBatchView.TryRead(bytes, out var batch);
        _plain.Clear();
        if (batch.RecordCount > 0)
        {
            Compressor.Decompress(batch.Compression, batch.RecordBytes, _plain, DecompressionLimit.Of(bytes.Length));
        }

        var kept = 0;
        var hasTombstone = false;
        var cursor = new RecordCursor(batch);
        while (cursor.TryRead(_plain.WrittenSpan, out var record))
        {
            if (IsKept(batch, record, isMarkerOfEmpty))
            {
                kept++;
                hasTombstone |= !record.HasValue && !batch.IsControl;
            }
        }

        if (kept == 0)
        {
            return keepEmpty ? Emptied(bytes) : [];
        }

        var needsHorizon = !batch.HasDeleteHorizon && (hasTombstone || isMarkerOfEmpty);
        return kept == batch.RecordCount && !needsHorizon ? bytes : Rebuild(batch, isMarkerOfEmpty, needsHorizon);
    }

    /// <summary>The batch without any record: it keeps offsets, producer and sequence.</summary>
    public static ReadOnlySpan<byte> Emptied(ReadOnlySpan<byte> bytes)
    {
        _ = RecordBatchView.TryRead(bytes, out var batch);
        var header = batch.Bytes[..RecordBatch.HeaderSize].ToArray();
        var attributes = batch.Attributes & ~(RecordBatch.CompressionMask | RecordBatch.DeleteHorizonMask);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(RecordBatch.LengthPosition), RecordBatch.HeaderSize - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(RecordBatch.AttributesPosition), (short)attributes);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(RecordBatch.BaseTimestampPosition), batch.MaxTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(RecordBatch.RecordCountPosition), 0);
        BinaryPrimitives.WriteUInt32BigEndian(
            header.AsSpan(RecordBatch.CrcPosition), Crc32C.Compute(header.AsSpan(RecordBatch.AttributesPosition)));
        return header;
    }

    public void Dispose()
    {
        _plain.Dispose();
        _builder.Dispose();
    }

    private bool IsKept(in RecordBatchView batch, in RecordView record, bool isMarkerOfEmpty)
    {
        var isPastHorizon = batch.HasDeleteHorizon && batch.BaseTimestamp <= now;
        if (batch.IsControl)
        {
            return !(isMarkerOfEmpty && isPastHorizon);
        }

        if (record.Offset > map.LatestOffset)
        {
            return true;
        }

        // A record without a key has no place in a compacted log; it is from the time before the log was compacted.
        return record.HasKey && record.Offset >= map.Find(record.Key) && (record.HasValue || !isPastHorizon);
    }

    private ReadOnlySpan<byte> Rebuild(scoped in RecordBatchView batch, bool isMarkerOfEmpty, bool setHorizon)
    {
        long? horizon = setHorizon ? now + deleteRetentionMs : batch.HasDeleteHorizon ? batch.BaseTimestamp : null;
        _builder.Reset(deleteHorizon: horizon);
        var cursor = new RecordCursor(batch);
        while (cursor.TryRead(_plain.WrittenSpan, out var record))
        {
            if (IsKept(batch, record, isMarkerOfEmpty))
            {
                var delta = (int)(record.Offset - batch.BaseOffset);
                _builder.AppendAt(delta, record.Timestamp, record.HasKey, record.Key, record.HasValue, record.Value, record.ReadHeaders());
            }
        }

        return _builder.Finish(new RecordBatchOptions
        {
            BaseOffset = batch.BaseOffset,
            PartitionLeaderEpoch = batch.PartitionLeaderEpoch,
            Compression = batch.Compression,
            TimestampType = batch.TimestampType,
            IsTransactional = batch.IsTransactional,
            IsControl = batch.IsControl,
            ProducerId = batch.ProducerId,
            ProducerEpoch = batch.ProducerEpoch,
            BaseSequence = batch.BaseSequence,
            LastOffsetDelta = batch.LastOffsetDelta,
        }).Span;
    }
}
