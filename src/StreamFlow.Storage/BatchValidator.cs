using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage;

/// <summary>
/// Checks a batch before it is appended, in the order and with the codes of Kafka. Records are walked (and decompressed) only where a rule
/// needs them: keys on compacted topics, a lower bound of timestamps.
/// </summary>
internal static class BatchValidator
{
    public static BatchCheck Check(ReadOnlySpan<byte> bytes, LogConfig config, AppendOrigin origin, long now, out BatchHeader header)
    {
        if (bytes.Length < RecordBatch.HeaderSize)
        {
            header = default;
            return new BatchCheck(ErrorCode.CorruptMessage, $"{bytes.Length} bytes are fewer than a batch header has");
        }

        if (bytes[RecordBatch.MagicPosition] != RecordBatch.CurrentMagic)
        {
            header = default;
            return new BatchCheck(
                ErrorCode.UnsupportedForMessageFormat, $"format version {bytes[RecordBatch.MagicPosition]}; only version 2 is taken");
        }

        if (BatchHeader.TryRead(bytes, 0, out header) is { } fault)
        {
            return new BatchCheck(
                header.RecordCount < 0 || header.LastOffsetDelta < 0 ? ErrorCode.InvalidRecord : ErrorCode.CorruptMessage, fault);
        }

        if (header.Size > bytes.Length)
        {
            return new BatchCheck(
                ErrorCode.CorruptMessage, $"the batch gives its size as {header.Size} bytes and {bytes.Length} are there");
        }

        var check = CheckSize(header, config, origin);
        if (check.Error == ErrorCode.None && !IsCrcValid(bytes[..header.Size]))
        {
            check = new BatchCheck(ErrorCode.CorruptMessage, "the checksum does not match the bytes");
        }

        check = check.Error == ErrorCode.None ? CheckHeader(header, origin) : check;
        check = check.Error == ErrorCode.None ? CheckTimestamp(header, config, origin, now) : check;
        return check.Error == ErrorCode.None ? CheckRecords(bytes[..header.Size], header, config, origin, now) : check;
    }

    /// <summary>Gives a batch the append time: attribute, max timestamp, checksum.</summary>
    public static void StampAppendTime(Span<byte> batch, long now) =>
        Stamp(batch, (short)(AttributesOf(batch) | RecordBatch.TimestampTypeMask), now);

    /// <summary>Takes back a client's claim that its timestamps are append times; they are taken as create times, as Kafka does.</summary>
    public static void ClearAppendTime(Span<byte> batch) => Stamp(
        batch,
        (short)(AttributesOf(batch) & ~RecordBatch.TimestampTypeMask),
        BinaryPrimitives.ReadInt64BigEndian(batch[RecordBatch.MaxTimestampPosition..]));

    private static short AttributesOf(ReadOnlySpan<byte> batch) =>
        BinaryPrimitives.ReadInt16BigEndian(batch[RecordBatch.AttributesPosition..]);

    private static void Stamp(Span<byte> batch, short attributes, long maxTimestamp)
    {
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatch.AttributesPosition..], attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.MaxTimestampPosition..], maxTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatch.CrcPosition..], Crc32C.Compute(batch[RecordBatch.AttributesPosition..]));
    }

    private static bool IsCrcValid(ReadOnlySpan<byte> batch) =>
        Crc32C.Compute(batch[RecordBatch.AttributesPosition..]) == BinaryPrimitives.ReadUInt32BigEndian(batch[RecordBatch.CrcPosition..]);

    private static BatchCheck CheckSize(in BatchHeader header, LogConfig config, AppendOrigin origin)
    {
        if (origin == AppendOrigin.Client && header.Size > config.MaxMessageBytes)
        {
            return new BatchCheck(
                ErrorCode.MessageTooLarge, $"the batch has {header.Size} bytes, max.message.bytes is {config.MaxMessageBytes}");
        }

        return header.Size > config.SegmentBytes
            ? new BatchCheck(ErrorCode.RecordListTooLarge, $"the batch has {header.Size} bytes, segment.bytes is {config.SegmentBytes}")
            : BatchCheck.Accept;
    }

    private static BatchCheck CheckHeader(in BatchHeader header, AppendOrigin origin)
    {
        if ((header.Attributes & RecordBatch.CompressionMask) > (int)CompressionType.Zstd)
        {
            return new BatchCheck(
                ErrorCode.UnsupportedCompressionType, $"codec {header.Attributes & RecordBatch.CompressionMask} is not known");
        }

        if (header.RecordCount <= 0 || header.RecordCount != header.LastOffsetDelta + 1L)
        {
            return Invalid($"the batch has {header.RecordCount} records and last offset delta {header.LastOffsetDelta}");
        }

        if (origin == AppendOrigin.Client && header.IsControl)
        {
            return Invalid("clients may not write control batches");
        }

        // A coordinator's own transactional batches carry no sequence.
        var lacksSequence = header.BaseSequence < 0 && origin == AppendOrigin.Client;
        if (header.ProducerId >= 0 && !header.IsControl && (lacksSequence || header.ProducerEpoch < 0))
        {
            return Invalid($"producer {header.ProducerId} sent epoch {header.ProducerEpoch} and sequence {header.BaseSequence}");
        }

        return header.IsTransactional && header.ProducerId < 0 ? Invalid("a transactional batch has no producer id") : BatchCheck.Accept;
    }

    private static BatchCheck CheckTimestamp(in BatchHeader header, LogConfig config, AppendOrigin origin, long now)
    {
        var isBounded = origin == AppendOrigin.Client && config.TimestampType == TimestampType.CreateTime;
        return isBounded && header.MaxTimestamp - now > config.TimestampAfterMaxMs
            ? OutsideBounds(header.MaxTimestamp, now)
            : BatchCheck.Accept;
    }

    private static BatchCheck CheckRecords(ReadOnlySpan<byte> bytes, in BatchHeader header, LogConfig config, AppendOrigin origin, long now)
    {
        var needsKeys = config.IsCompacted && !header.IsControl;
        var needsTimes = origin == AppendOrigin.Client
            && config.TimestampType == TimestampType.CreateTime && config.TimestampBeforeMaxMs != long.MaxValue;
        if ((!needsKeys && !needsTimes) || !RecordBatchView.TryRead(bytes, out var batch))
        {
            return BatchCheck.Accept;
        }

        using var plain = batch.Compression == CompressionType.None ? null : new PooledBufferWriter(batch.SizeInBytes * 4);
        try
        {
            var records = batch.RecordBytes;
            if (plain is not null)
            {
                Compressor.Decompress(batch.Compression, records, plain, DecompressionLimit.Of(batch.SizeInBytes));
                records = plain.WrittenSpan;
            }

            var cursor = new RecordCursor(batch);
            while (cursor.TryRead(records, out var record))
            {
                if (needsKeys && !record.HasKey)
                {
                    return Invalid("a record without a key cannot be written to a compacted topic");
                }

                if (needsTimes && now - record.Timestamp > config.TimestampBeforeMaxMs)
                {
                    return OutsideBounds(record.Timestamp, now);
                }
            }

            return BatchCheck.Accept;
        }
        catch (CorruptRecordException e)
        {
            return new BatchCheck(ErrorCode.InvalidRecord, e.Message);
        }
    }

    private static BatchCheck Invalid(string reason) => new(ErrorCode.InvalidRecord, reason);

    private static BatchCheck OutsideBounds(long timestamp, long now) => new(
        ErrorCode.InvalidTimestamp,
        $"timestamp {timestamp} lies too far from the broker's clock {now} (message.timestamp.before/after.max.ms)");
}
