using StreamFlow.Core.Errors;

namespace StreamFlow.Core.IO;

/// <summary>The operating system's files.</summary>
public sealed partial class SystemFileSystem : IFileSystem
{
    private SystemFileSystem()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static SystemFileSystem Instance { get; } = new();

    /// <inheritdoc/>
    public IFileHandle Open(string path) => Guard(path, "open", () =>
        new SystemFileHandle(path, File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)));

    /// <inheritdoc/>
    public IFileHandle OpenRead(string path) => Guard(path, "open", () =>
        new SystemFileHandle(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)));

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Guard(path, "create", () => Directory.CreateDirectory(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string path) => List(path, Directory.GetFiles);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string path) => List(path, Directory.GetDirectories);

    /// <inheritdoc/>
    public void Move(string from, string to) => Guard(from, $"rename to {to}", () =>
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite: true);
        }

        return true;
    });

    /// <inheritdoc/>
    public void DeleteFile(string path) => Guard(path, "delete", () =>
    {
        File.Delete(path);
        return true;
    });

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => Guard(path, "delete", () =>
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        return true;
    });

    /// <inheritdoc/>
    public void SyncDirectory(string path) => DirectorySync.Sync(path);

    /// <inheritdoc/>
    public byte[] ReadAllBytes(string path) => Guard(path, "read", () => File.ReadAllBytes(path));

    /// <inheritdoc/>
    public void WriteAtomically(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        using (var file = Open(temporary))
        {
            file.SetLength(0);
            file.Write(content, 0);
            file.Sync();
        }

        Move(temporary, path);
        SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StorageException($"{path} is held by another process; stop it or choose another directory ({e.Message})", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException($"cannot lock {path}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public long FreeBytes(string path) =>
        Guard(path, "look at the free space of", () => new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace);

    internal static T Guard<T>(string path, string doing, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"cannot {doing} {path}: {e.Message}", e);
        }
    }

    private static string[] List(string path, Func<string, string[]> list) => Guard(path, "list", () =>
        Directory.Exists(path) ? Array.ConvertAll(list(path), p => Path.GetFileName(p)) : []);
}
