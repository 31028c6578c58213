using Microsoft.Win32.SafeHandles;

namespace StreamFlow.Core.IO;

/// <summary>An open file of an <see cref="InMemoryFileSystem"/>; the content outlives it.</summary>
internal sealed class InMemoryFileHandle(string path, InMemoryFile file) : IFileHandle
{
    public string Path => path;

    public long Length => file.Length;

    public SafeFileHandle? SystemHandle => null;

    public int Read(Span<byte> buffer, long position) => file.Read(buffer, position);

    public void Write(ReadOnlySpan<byte> bytes, long position) => file.Write(bytes, position);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
    {
        for (var i = 0; i < buffers.Count; i++)
        {
            file.Write(buffers[i].Span, position);
            position += buffers[i].Length;
        }
    }

    public void Sync()
    {
    }

    public void SetLength(long length) => file.SetLength(length);

    public void Reserve(long bytes)
    {
    }

    public void Dispose()
    {
    }
}
