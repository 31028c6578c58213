using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.IO;

/// <summary>A file of the operating system, read and written at positions.</summary>
internal sealed partial class SystemFileHandle(string path, SafeFileHandle handle) : IFileHandle
{
    // fallocate's FALLOC_FL_KEEP_SIZE, and Linux' EINTR, ENOSYS and EOPNOTSUPP.
    private const int KeepSize = 1;
    private const int Interrupted = 4;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

    public string Path => path;

    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(handle);
            }
            catch (IOException e)
            {
                throw Failed("look at", e);
            }
        }
    }

    public SafeFileHandle? SystemHandle => handle;

    public int Read(Span<byte> buffer, long position)
    {
        try
        {
            var total = 0;
            while (total < buffer.Length)
            {
                var read = RandomAccess.Read(handle, buffer[total..], position + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }

            return total;
        }
        catch (IOException e)
        {
            throw Failed("read", e);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            RandomAccess.Write(handle, bytes, position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("write to", e);
        }
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
    {
        try
        {
            RandomAccess.Write(handle, buffers, position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("write to", e);
        }
    }

    public void Sync()
    {
        if (OperatingSystem.IsLinux())
        {
            // fdatasync leaves out what a reader does not need (access times), which saves a journal write on most file systems.
            if (FDataSync(handle) != 0)
            {
                throw new StorageException($"cannot sync {path}: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            return;
        }

        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (IOException e)
        {
            throw Failed("sync", e);
        }
    }

    public void SetLength(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (IOException e)
        {
            throw Failed("resize", e);
        }
    }

    public void Reserve(long bytes)
    {
        // off_t of this symbol has the machine's width.
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return;
        }

        int error;
        do
        {
            error = FAllocate(handle, KeepSize, 0, bytes) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);

        if (error is not (0 or NotSupported or NotImplemented))
        {
            throw new StorageException($"cannot set {bytes} bytes aside for {path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    public void Dispose() => handle.Dispose();

    private StorageException Failed(string doing, Exception e) => new($"cannot {doing} {path}: {e.Message}", e);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);
}
