using System.Buffers.Binary;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage;

/// <summary>
/// Checks a batch before it is appended, with the codes of Kafka. A producer's records are walked one by one (<see cref="BatchRecords"/>):
/// nothing gets into a log that a reader could not read.
/// </summary>
internal static class BatchValidator
{
    public static BatchCheck Check(ReadOnlySpan<byte> bytes, LogConfig config, AppendOrigin origin, long now, out BatchHeader header)
    {
        if (bytes.Length < RecordBatch.HeaderSize)
        {
            header = default;
            return Invalid($"{bytes.Length} bytes are fewer than a batch header has: one batch is wanted");
        }

        if (bytes[RecordBatch.MagicPosition] != RecordBatch.CurrentMagic)
        {
            header = default;
            return new BatchCheck(
                bytes[RecordBatch.MagicPosition] < RecordBatch.CurrentMagic ? ErrorCode.InvalidRecord : ErrorCode.CorruptMessage,
                $"format version {bytes[RecordBatch.MagicPosition]}; only version 2 is taken");
        }

        if (BatchHeader.TryRead(bytes, 0, out header) is { } fault)
        {
            var isCountWrong = header.RecordCount < 0 || header.LastOffsetDelta < 0;
            return new BatchCheck(isCountWrong ? ErrorCode.InvalidRecord : ErrorCode.CorruptMessage, fault) { IsReadable = isCountWrong };
        }

        if (header.Size > bytes.Length)
        {
            return Invalid($"the batch gives its size as {header.Size} bytes and {bytes.Length} are there");
        }

        var check = CheckSize(header, config, origin);
        if (check.Error == ErrorCode.None && !IsCrcValid(bytes[..header.Size]))
        {
            check = new BatchCheck(ErrorCode.CorruptMessage, "the checksum does not match the bytes");
        }

        if (check.Error == ErrorCode.None && origin != AppendOrigin.Coordinator && header.Size != bytes.Length)
        {
            check = Invalid("a produce request may hold one batch a partition");
        }

        if (check.Error != ErrorCode.None)
        {
            return check;
        }

        check = CheckHeader(header, origin) with { IsReadable = true };
        return check.Error != ErrorCode.None || origin == AppendOrigin.Coordinator
            ? check with { MaxTimestamp = header.MaxTimestamp }
            : BatchRecords.Check(bytes[..header.Size], config, now) with { IsReadable = true };
    }

    /// <summary>Gives a batch the append time: attribute, max timestamp, checksum.</summary>
    public static void StampAppendTime(Span<byte> batch, long now) =>
        Stamp(batch, (short)(AttributesOf(batch) | RecordBatch.TimestampTypeMask), now);

    /// <summary>
    /// Sets the largest timestamp, and takes back a client's claim that its timestamps are append times: they are taken as create times,
    /// as Kafka does.
    /// </summary>
    public static void StampCreateTime(Span<byte> batch, long maxTimestamp) =>
        Stamp(batch, (short)(AttributesOf(batch) & ~RecordBatch.TimestampTypeMask), maxTimestamp);

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
        if (origin != AppendOrigin.Coordinator && header.Size > config.MaxMessageBytes)
        {
            return new BatchCheck(
                ErrorCode.MessageTooLarge, $"the batch has {header.Size} bytes, max.message.bytes is {config.MaxMessageBytes}");
        }

        return header.Size > config.SegmentBytes
            ? new BatchCheck(ErrorCode.RecordListTooLarge, $"the batch has {header.Size} bytes, segment.bytes is {config.SegmentBytes}")
            : default;
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

        if (origin != AppendOrigin.Coordinator && header.BaseOffset != 0)
        {
            return Invalid($"the batch gives its first offset as {header.BaseOffset}; a producer's begins at 0");
        }

        if (origin != AppendOrigin.Coordinator && header.IsControl)
        {
            return Invalid("clients may not write control batches");
        }

        // A coordinator's own transactional batches carry no sequence.
        var lacksSequence = header.BaseSequence < 0 && origin != AppendOrigin.Coordinator;
        if (header.ProducerId >= 0 && !header.IsControl && (lacksSequence || header.ProducerEpoch < 0))
        {
            return Invalid($"producer {header.ProducerId} sent epoch {header.ProducerEpoch} and sequence {header.BaseSequence}");
        }

        return header.IsTransactional && header.ProducerId < 0 ? Invalid("a transactional batch has no producer id") : default;
    }

    private static BatchCheck Invalid(string reason) => new(ErrorCode.InvalidRecord, reason);
}
