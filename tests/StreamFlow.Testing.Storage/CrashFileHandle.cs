using Microsoft.Win32.SafeHandles;
using StreamFlow.Core.IO;

namespace StreamFlow.Testing.Storage;

internal sealed class CrashFileHandle(CrashFileSystem disk, string path, CrashFile file, int generation) : IFileHandle
{
    private bool _isDisposed;

    public string Path => path;

    public long Length => Guard(() => file.Length);

    public SafeFileHandle? SystemHandle => null;

    public int Read(Span<byte> buffer, long position)
    {
        lock (disk.Gate)
        {
            Check();
            return file.Read(buffer, position);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        lock (disk.Gate)
        {
            Check();
            var room = disk.Admit(path, file, position + bytes.Length);
            if (room < position + bytes.Length)
            {
                // A full disk takes the beginning of a write, and then refuses.
                file.Write(bytes[..(int)Math.Max(0, room - position)], position);
                throw CrashFileSystem.Full(path);
            }

            file.Write(bytes, position);
        }
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
    {
        foreach (var buffer in buffers)
        {
            Write(buffer.Span, position);
            position += buffer.Length;
        }
    }

    public void Sync() => Guard(() =>
    {
        disk.AdmitSync(path);
        file.Sync();
        return 0;
    });

    public void SetLength(long length) => Guard(() =>
    {
        if (disk.Admit(path, file, length) < length)
        {
            throw CrashFileSystem.Full(path);
        }

        file.SetLength(length);
        return 0;
    });

    public void Reserve(long bytes) => Guard(() =>
    {
        if (disk.Admit(path, file, bytes) < bytes)
        {
            throw CrashFileSystem.Full(path);
        }

        return 0;
    });

    public void Dispose() => _isDisposed = true;

    private T Guard<T>(Func<T> action)
    {
        lock (disk.Gate)
        {
            Check();
            return action();
        }
    }

    private void Check()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        disk.CheckGeneration(path, generation);
    }
}
