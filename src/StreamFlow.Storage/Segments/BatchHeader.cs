using System.Buffers.Binary;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Segments;

/// <summary>The header of a batch in a file, and where it stands.</summary>
internal readonly struct BatchHeader
{
    public long Position { get; private init; }

    /// <summary>Bytes of the whole batch.</summary>
    public int Size { get; private init; }

    public long BaseOffset { get; private init; }

    public int LastOffsetDelta { get; private init; }

    public int LeaderEpoch { get; private init; }

    public short Attributes { get; private init; }

    public long BaseTimestamp { get; private init; }

    public long MaxTimestamp { get; private init; }

    public long ProducerId { get; private init; }

    public short ProducerEpoch { get; private init; }

    public int BaseSequence { get; private init; }

    public int RecordCount { get; private init; }

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public long End => Position + Size;

    public bool IsTransactional => (Attributes & RecordBatch.TransactionalMask) != 0;

    public bool IsControl => (Attributes & RecordBatch.ControlMask) != 0;

    /// <summary>Sequence of the last record; sequences wrap from 2^31-1 to 0.</summary>
    public int LastSequence =>
        BaseSequence < 0 ? RecordBatch.NoSequence : (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    /// <summary>This header as it stands in the log once the broker has set its fields.</summary>
    public BatchHeader PlacedAt(long position, long baseOffset, int leaderEpoch) =>
        this with { Position = position, BaseOffset = baseOffset, LeaderEpoch = leaderEpoch };

    /// <summary>Reads a header without looking at the records behind it.</summary>
    /// <param name="bytes">At least <see cref="RecordBatch.HeaderSize"/> bytes.</param>
    /// <param name="position">Where they stand in the file.</param>
    /// <param name="header">The header, when there is no fault.</param>
    /// <returns>Null, or why this cannot be the header of a batch.</returns>
    public static string? TryRead(ReadOnlySpan<byte> bytes, long position, out BatchHeader header)
    {
        header = new BatchHeader
        {
            Position = position,
            BaseOffset = BinaryPrimitives.ReadInt64BigEndian(bytes),
            Size = unchecked(BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatch.LengthPosition..]) + RecordBatch.LogOverhead),
            LeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatch.LeaderEpochPosition..]),
            Attributes = BinaryPrimitives.ReadInt16BigEndian(bytes[RecordBatch.AttributesPosition..]),
            LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatch.LastOffsetDeltaPosition..]),
            BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[RecordBatch.BaseTimestampPosition..]),
            MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[RecordBatch.MaxTimestampPosition..]),
            ProducerId = BinaryPrimitives.ReadInt64BigEndian(bytes[RecordBatch.ProducerIdPosition..]),
            ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(bytes[RecordBatch.ProducerEpochPosition..]),
            BaseSequence = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatch.BaseSequencePosition..]),
            RecordCount = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatch.RecordCountPosition..]),
        };

        if (header.Size < RecordBatch.HeaderSize)
        {
            return $"the batch gives its length as {(long)header.Size - RecordBatch.LogOverhead} bytes, less than its header has";
        }

        if (bytes[RecordBatch.MagicPosition] != RecordBatch.CurrentMagic)
        {
            return $"the batch has format version {bytes[RecordBatch.MagicPosition]}, only version 2 is read";
        }

        return header.BaseOffset < 0 || header.LastOffsetDelta < 0 || header.RecordCount < 0
            ? $"the batch gives offset {header.BaseOffset}, last offset delta {header.LastOffsetDelta}, record count {header.RecordCount}"
            : null;
    }
}
