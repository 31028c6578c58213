using Microsoft.Win32.SafeHandles;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.IO;

/// <summary>An open file. Reads and writes name their position, so threads can read while one writes.</summary>
/// <remarks>Every method throws <see cref="StorageException"/> naming the path.</remarks>
public interface IFileHandle : IDisposable
{
    /// <summary>The path it was opened with.</summary>
    string Path { get; }

    /// <summary>The file's length in bytes.</summary>
    long Length { get; }

    /// <summary>The operating system's handle for zero-copy sends, or null when the file is simulated.</summary>
    SafeFileHandle? SystemHandle { get; }

    /// <summary>Reads at a position until the buffer is full or the file ends.</summary>
    /// <returns>The number of bytes read.</returns>
    int Read(Span<byte> buffer, long position);

    /// <summary>Writes all the bytes at a position.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Writes the buffers one behind the other with one call where the system can.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position);

    /// <summary>Makes what was written durable (fdatasync).</summary>
    void Sync();

    /// <summary>Cuts or extends the file.</summary>
    void SetLength(long length);

    /// <summary>
    /// Sets room on the disk aside for the file's first bytes, so that writing them cannot fail for want of it and lays them side by side.
    /// Length and content stay. Nothing happens where the file system cannot do it. <see cref="SetLength"/>, with the present length too,
    /// gives back what lies behind the length.
    /// </summary>
    /// <param name="bytes">How much from the file's beginning on (bytes), more than 0.</param>
    /// <exception cref="StorageException">The disk has not that much room left.</exception>
    void Reserve(long bytes);
}
