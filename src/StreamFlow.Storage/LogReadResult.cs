using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage;

/// <summary>
/// A stretch of whole batches in a segment's file. Nothing is copied yet: send it from <see cref="File"/>, or <see cref="CopyTo"/> a
/// buffer. The file stays readable for <c>file.delete.delay.ms</c> after its segment is removed, so use the result soon.
/// The first batch may begin below the offset asked for; a reader skips to its offset.
/// </summary>
public readonly record struct LogReadResult
{
    /// <summary>NONE, or OFFSET_OUT_OF_RANGE.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The segment's file, null when nothing is to be read.</summary>
    public IFileHandle? File { get; init; }

    /// <summary>Byte position in the file at which the first batch begins.</summary>
    public long Position { get; init; }

    /// <summary>Bytes to read; 0 when there is nothing yet.</summary>
    public int Length { get; init; }

    /// <summary>Base offset of the first batch; the offset asked for when there is none.</summary>
    public long BaseOffset { get; init; }

    /// <summary>First offset of the log at the time of the read.</summary>
    public long LogStartOffset { get; init; }

    /// <summary>The high watermark at the time of the read.</summary>
    public long HighWatermark { get; init; }

    /// <summary>The last stable offset at the time of the read.</summary>
    public long LastStableOffset { get; init; }

    /// <summary>
    /// With <see cref="ReadIsolation.Committed"/> the aborted transactions of the range, in order of their markers; else null.
    /// </summary>
    public IReadOnlyList<AbortedTransaction>? AbortedTransactions { get; init; }

    /// <summary>Whether there is nothing to read.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Copies the bytes.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <returns>The number of bytes copied.</returns>
    /// <exception cref="StorageException">The disk refused, or the file is gone.</exception>
    public int CopyTo(Span<byte> destination)
    {
        if (File is null)
        {
            return 0;
        }

        try
        {
            var read = File.Read(destination[..Length], Position);
            return read == Length ? read : throw new CorruptLogException(
                File.Path, Position + read, "the file is shorter than the log was");
        }
        catch (ObjectDisposedException e)
        {
            throw new StorageException($"{File.Path} was removed while it was read; read again", e);
        }
    }
}
