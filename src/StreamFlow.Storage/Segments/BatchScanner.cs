using System.Buffers;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Segments;

/// <summary>
/// Walks whole batches of a file in order and checks each: header, length, checksum, growing offsets. It throws nothing for damage;
/// it stops in front of it and says what it is, because what damage means depends on where it stands (torn tail, or the middle).
/// </summary>
internal sealed class BatchScanner : IDisposable
{
    private const int ChunkSize = 256 * 1024;

    private readonly IFileHandle _file;
    private readonly long _end;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
    private long _bufferedFrom;
    private int _buffered;
    private long _minOffset;

    /// <param name="file">The segment's log file.</param>
    /// <param name="position">Where a batch begins.</param>
    /// <param name="end">Where the last batch should end.</param>
    /// <param name="minOffset">The least base offset that the first batch may have.</param>
    public BatchScanner(IFileHandle file, long position, long end, long minOffset)
    {
        _file = file;
        _end = end;
        _minOffset = minOffset;
        Position = position;
    }

    /// <summary>Where the next batch begins, or the damage.</summary>
    public long Position { get; private set; }

    /// <summary>Why the scan stopped, null while it has not or when it reached the end.</summary>
    public string? Fault { get; private set; }

    /// <summary>The header of the batch read last.</summary>
    public BatchHeader Header { get; private set; }

    /// <summary>The batch read last, header included; valid until the next read.</summary>
    public Span<byte> Batch => _buffer.AsSpan((int)(Header.Position - _bufferedFrom), Header.Size);

    /// <summary>Reads and checks the next batch.</summary>
    /// <returns>False at the end or in front of damage; <see cref="Fault"/> tells which.</returns>
    public bool TryRead()
    {
        if (Position >= _end || Fault is not null)
        {
            return false;
        }

        Fault = Check(out var header);
        if (Fault is not null)
        {
            return false;
        }

        Header = header;
        Position = header.End;
        _minOffset = header.LastOffset + 1;
        return true;
    }

    /// <summary>Goes on behind damage.</summary>
    /// <param name="position">Where a batch begins.</param>
    /// <param name="minOffset">The least base offset that it may have.</param>
    public void SkipTo(long position, long minOffset)
    {
        Position = position;
        _minOffset = minOffset;
        Fault = null;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private string? Check(out BatchHeader header)
    {
        header = default;
        if (!Buffer(RecordBatch.HeaderSize))
        {
            return $"{_end - Position} bytes are left, fewer than a batch header has";
        }

        var fault = BatchHeader.TryRead(_buffer.AsSpan((int)(Position - _bufferedFrom)), Position, out header);
        if (fault is not null)
        {
            return fault;
        }

        if (header.End > _end || !Buffer(header.Size))
        {
            return $"the batch of {header.Size} bytes runs past the end of the file at {_end}";
        }

        if (header.BaseOffset < _minOffset)
        {
            return $"the batch has base offset {header.BaseOffset}, {_minOffset} at least was expected";
        }

        _ = RecordBatchView.TryRead(_buffer.AsSpan((int)(Position - _bufferedFrom), header.Size), out var batch);
        return batch.IsCrcValid() ? null : $"the checksum of the batch at offset {header.BaseOffset} does not match its bytes";
    }

    /// <summary>Makes the bytes at the position available in the buffer.</summary>
    private bool Buffer(int count)
    {
        if (Position >= _bufferedFrom && Position + count <= _bufferedFrom + _buffered)
        {
            return true;
        }

        if (_end - Position < count)
        {
            return false;
        }

        if (count > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(count);
        }

        _bufferedFrom = Position;
        _buffered = _file.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, _end - Position)), Position);
        return _buffered >= count;
    }
}
