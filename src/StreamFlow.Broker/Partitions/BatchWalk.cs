using System.Buffers.Binary;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Partitions;

/// <summary>Walks the headers of the batches that a read found, without reading their records.</summary>
/// <param name="read">The read.</param>
/// <param name="buffer">Room for <see cref="RecordBatch.HeaderSize"/> bytes.</param>
internal ref struct BatchWalk(LogReadResult read, Span<byte> buffer)
{
    private readonly Span<byte> _header = buffer[..RecordBatch.HeaderSize];

    /// <summary>Bytes of the read that lie before the batch.</summary>
    public int Start { get; private set; }

    /// <summary>Bytes of the read up to the end of the batch.</summary>
    public int End { get; private set; }

    public readonly long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_header);

    public readonly long LastOffset =>
        BaseOffset + BinaryPrimitives.ReadInt32BigEndian(_header[RecordBatch.LastOffsetDeltaPosition..]);

    public readonly long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_header[RecordBatch.ProducerIdPosition..]);

    public readonly bool IsTransactional => (Attributes & RecordBatch.TransactionalMask) != 0;

    public readonly bool IsControl => (Attributes & RecordBatch.ControlMask) != 0;

    private readonly short Attributes => BinaryPrimitives.ReadInt16BigEndian(_header[RecordBatch.AttributesPosition..]);

    /// <summary>Moves to the next batch.</summary>
    /// <returns>False behind the last.</returns>
    /// <exception cref="StorageException">The disk refused, or the file is gone.</exception>
    public bool MoveNext()
    {
        if (End + RecordBatch.HeaderSize > read.Length)
        {
            return false;
        }

        (read with { Position = read.Position + End, Length = RecordBatch.HeaderSize }).CopyTo(_header);
        Start = End;
        End += RecordBatch.LogOverhead + BinaryPrimitives.ReadInt32BigEndian(_header[RecordBatch.LengthPosition..]);
        return End > Start && End <= read.Length;
    }
}
