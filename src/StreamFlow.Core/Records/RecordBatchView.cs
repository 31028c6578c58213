using System.Buffers.Binary;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Records;

/// <summary>
/// Reads the header of one record batch in place (layout: <see cref="RecordBatch"/>). The span may be longer than the batch.
/// </summary>
public readonly ref struct RecordBatchView
{
    private readonly ReadOnlySpan<byte> _bytes;

    private RecordBatchView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The batch's bytes, header included, cut to its size.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The whole batch in bytes: <see cref="RecordBatch.LogOverhead"/> and the batch length.</summary>
    public int SizeInBytes => _bytes.Length;

    /// <summary>Offset of the first record, whether that record still exists or not.</summary>
    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>Offset of the last record, whether that record still exists or not.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The leader epoch at the append; -1 from a producer.</summary>
    public int PartitionLeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_bytes[RecordBatch.LeaderEpochPosition..]);

    /// <summary>The format version; this type reads version 2 only.</summary>
    public byte Magic => _bytes[RecordBatch.MagicPosition];

    /// <summary>The stored checksum.</summary>
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(_bytes[RecordBatch.CrcPosition..]);

    /// <summary>The raw attributes.</summary>
    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(_bytes[RecordBatch.AttributesPosition..]);

    /// <summary>Last offset minus base offset.</summary>
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[RecordBatch.LastOffsetDeltaPosition..]);

    /// <summary>The time that record timestamps are deltas to (ms).</summary>
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[RecordBatch.BaseTimestampPosition..]);

    /// <summary>The largest timestamp, or the append time (ms).</summary>
    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[RecordBatch.MaxTimestampPosition..]);

    /// <summary>The producer's id, -1 for none.</summary>
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[RecordBatch.ProducerIdPosition..]);

    /// <summary>The producer's epoch, -1 for none.</summary>
    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[RecordBatch.ProducerEpochPosition..]);

    /// <summary>Sequence of the first record, -1 for none.</summary>
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[RecordBatch.BaseSequencePosition..]);

    /// <summary>Sequence of the last record, -1 for none; sequences wrap from 2^31-1 to 0.</summary>
    public int LastSequence => BaseSequence < 0 ? RecordBatch.NoSequence : (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    /// <summary>The number of records in the batch.</summary>
    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[RecordBatch.RecordCountPosition..]);

    /// <summary>The codec of the records.</summary>
    public CompressionType Compression => (CompressionType)(Attributes & RecordBatch.CompressionMask);

    /// <summary>What the timestamps mean.</summary>
    public TimestampType TimestampType =>
        (Attributes & RecordBatch.TimestampTypeMask) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    /// <summary>Whether the batch is part of a transaction.</summary>
    public bool IsTransactional => (Attributes & RecordBatch.TransactionalMask) != 0;

    /// <summary>Whether the batch holds a control record instead of data.</summary>
    public bool IsControl => (Attributes & RecordBatch.ControlMask) != 0;

    /// <summary>Whether the base timestamp holds a delete horizon.</summary>
    public bool HasDeleteHorizon => (Attributes & RecordBatch.DeleteHorizonMask) != 0;

    /// <summary>Whether a producer with an id wrote the batch.</summary>
    public bool HasProducerId => ProducerId >= 0;

    /// <summary>The bytes behind the header: records, or one compressed block of them.</summary>
    public ReadOnlySpan<byte> RecordBytes => _bytes[RecordBatch.HeaderSize..];

    /// <summary>
    /// Looks at the batch that begins at the start of <paramref name="bytes"/>. Only sizes and the format version are checked.
    /// </summary>
    /// <returns>False when the bytes end before the batch does: the tail of a fetch or of a torn segment.</returns>
    /// <exception cref="CorruptRecordException">The length cannot be that of a batch, or the format version is not 2.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordBatchView batch)
    {
        batch = default;
        if (bytes.Length < RecordBatch.LogOverhead)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatch.LengthPosition..]);
        if (length < RecordBatch.HeaderSize - RecordBatch.LogOverhead)
        {
            throw new CorruptRecordException($"a record batch gives its length as {length} bytes, less than its header has");
        }

        if (bytes.Length - RecordBatch.LogOverhead < length)
        {
            return false;
        }

        if (bytes[RecordBatch.MagicPosition] != RecordBatch.CurrentMagic)
        {
            throw new CorruptRecordException(
                $"a record batch of format version {bytes[RecordBatch.MagicPosition]}; only version 2 is read");
        }

        batch = new RecordBatchView(bytes[..(RecordBatch.LogOverhead + length)]);
        return true;
    }

    /// <summary>Computes the checksum and compares it with the stored one.</summary>
    public bool IsCrcValid() => Crc32C.Compute(_bytes[RecordBatch.AttributesPosition..]) == Crc;
}
