using System.Buffers;
using StreamFlow.Protocol;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Partitions;

/// <summary>
/// Record batches that still lie in their segment's file. A response holds them as memory like any other; the TCP side recognises them
/// and reads the file straight into what it sends, so that they are copied once. Whoever asks for the bytes themselves gets them read.
/// </summary>
internal sealed class FileRecords : MemoryManager<byte>, IRecyclable
{
    // Below this size a response copies the bytes rather than the connection reading them from the file, and the buffer is kept.
    private const int LargestKept = 1024;

    private LogReadResult _read;
    private byte[] _bytes = [];
    private bool _isRead;

    /// <summary>Stands for what a read found.</summary>
    /// <returns>Its batches, as memory of the right length.</returns>
    public Memory<byte> Of(in LogReadResult read)
    {
        _read = read;
        return CreateMemory(read.Length);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        (_read, _isRead) = (default, false);
        if (_bytes.Length > LargestKept)
        {
            _bytes = [];
        }
    }

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(_read.Length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        if (!_isRead)
        {
            if (_bytes.Length < _read.Length)
            {
                _bytes = GC.AllocateUninitializedArray<byte>(Math.Max(_read.Length, LargestKept));
            }

            _read.CopyTo(_bytes);
            _isRead = true;
        }

        return _bytes.AsSpan(0, _read.Length);
    }

    /// <summary>Bytes of the batches.</summary>
    public int Length => _read.Length;

    /// <summary>Reads a piece of the file into the writer's own memory.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="start">Bytes to leave out.</param>
    /// <param name="most">Bytes to read at most.</param>
    /// <returns>Bytes read; less than <paramref name="most"/> behind the last.</returns>
    /// <exception cref="Core.Errors.StorageException">The disk refused, or the file is gone.</exception>
    public int CopyTo(IBufferWriter<byte> output, int start, int most)
    {
        var total = Math.Min(most, _read.Length - start);
        for (var done = 0; done < total;)
        {
            var span = output.GetSpan();
            var length = Math.Min(span.Length, total - done);
            var piece = _read with { Position = _read.Position + start + done, Length = length };
            piece.CopyTo(span);
            output.Advance(length);
            done += length;
        }

        return total;
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        GetSpan();
        return _bytes.AsMemory(elementIndex).Pin();
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Pin hands out handles of the array, which unpin themselves.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _bytes = [];
}
