using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Segments;

/// <summary>
/// Walks the batch headers of a stretch of a segment without reading the records, through a small buffer of the caller.
/// </summary>
/// <param name="file">The segment's log file.</param>
/// <param name="position">Where a batch begins.</param>
/// <param name="end">Where the last batch ends.</param>
/// <param name="buffer">Room for <see cref="RecordBatch.HeaderSize"/> bytes at least; one read fills it.</param>
internal ref struct BatchHeaderReader(IFileHandle file, long position, long end, Span<byte> buffer)
{
    /// <summary>A good size for the caller's buffer: what an index entry leaves to be walked.</summary>
    public const int BufferSize = 4096;

    private readonly Span<byte> _buffer = buffer;
    private long _bufferedFrom;
    private int _buffered;

    /// <summary>Where the next batch begins.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Reads the next header and moves behind its batch.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="CorruptLogException">What stands there is no batch header, or the batch runs past the end.</exception>
    public bool TryRead(out BatchHeader header)
    {
        header = default;
        if (Position >= end)
        {
            return false;
        }

        if (end - Position < RecordBatch.HeaderSize)
        {
            throw new CorruptLogException(file.Path, Position, "fewer bytes are left than a batch header has");
        }

        if (Position < _bufferedFrom || Position + RecordBatch.HeaderSize > _bufferedFrom + _buffered)
        {
            _bufferedFrom = Position;
            _buffered = file.Read(_buffer[..(int)Math.Min(_buffer.Length, end - Position)], Position);
            if (_buffered < RecordBatch.HeaderSize)
            {
                throw new CorruptLogException(file.Path, Position, "the file ends within a batch header");
            }
        }

        var fault = BatchHeader.TryRead(_buffer[(int)(Position - _bufferedFrom)..], Position, out header);
        if (fault is null && header.End > end)
        {
            fault = $"the batch of {header.Size} bytes runs past the end of the segment at {end}";
        }

        if (fault is not null)
        {
            throw new CorruptLogException(file.Path, Position, fault);
        }

        Position = header.End;
        return true;
    }
}
