using System.Buffers;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Partitions;

/// <summary>
/// Record batches that still lie in their segment's file. A response holds them as memory like any other; the TCP side recognises them
/// and reads the file straight into what it sends, so that they are copied once. Whoever asks for the bytes themselves gets them read.
/// </summary>
internal sealed class FileRecords(LogReadResult read) : MemoryManager<byte>
{
    private byte[]? _bytes;

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(read.Length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        if (_bytes is null)
        {
            var bytes = GC.AllocateUninitializedArray<byte>(read.Length);
            read.CopyTo(bytes);
            _bytes = bytes;
        }

        return _bytes;
    }

    /// <summary>Bytes of the batches.</summary>
    public int Length => read.Length;

    /// <summary>Reads a piece of the file into the writer's own memory.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="start">Bytes to leave out.</param>
    /// <param name="most">Bytes to read at most.</param>
    /// <returns>Bytes read; less than <paramref name="most"/> behind the last.</returns>
    /// <exception cref="Core.Errors.StorageException">The disk refused, or the file is gone.</exception>
    public int CopyTo(IBufferWriter<byte> output, int start, int most)
    {
        var total = Math.Min(most, read.Length - start);
        for (var done = 0; done < total;)
        {
            var span = output.GetSpan();
            var length = Math.Min(span.Length, total - done);
            var piece = read with { Position = read.Position + start + done, Length = length };
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
    protected override void Dispose(bool disposing) => _bytes = null;
}
