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

    /// <summary>Reads the file into the writer's own memory, piece by piece.</summary>
    /// <exception cref="Core.Errors.StorageException">The disk refused, or the file is gone.</exception>
    public void CopyTo(IBufferWriter<byte> output)
    {
        var done = 0;
        while (done < read.Length)
        {
            var span = output.GetSpan();
            var length = Math.Min(span.Length, read.Length - done);
            var piece = read with { Position = read.Position + done, Length = length };
            piece.CopyTo(span);
            output.Advance(length);
            done += length;
        }
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
