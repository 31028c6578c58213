using System.Runtime.InteropServices;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.IO;

/// <summary>
/// Syncs a directory, which the framework has no call for. On Windows renames are durable with the file system's journal, so there is
/// nothing to do.
/// </summary>
internal static partial class DirectorySync
{
    private const int OpenReadOnly = 0;

    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = OpenDirectory(path, OpenReadOnly);
        if (descriptor < 0)
        {
            throw new StorageException($"cannot open the directory {path} to sync it: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        var result = FSync(descriptor);
        var message = result == 0 ? null : Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (message is not null)
        {
            throw new StorageException($"cannot sync the directory {path}: {message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenDirectory(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
