using StreamFlow.Core.Errors;

namespace StreamFlow.Core.IO;

/// <summary>
/// The seam through which all durable state reaches the disk, so that tests can swap in a disk that is full, tears writes or forgets
/// what was not synced. Paths are those of the operating system. Every method throws <see cref="StorageException"/> naming the path.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file for reading and writing and creates it when it does not exist.</summary>
    IFileHandle Open(string path);

    /// <summary>Opens an existing file for reading.</summary>
    IFileHandle OpenRead(string path);

    /// <summary>Whether a file is there.</summary>
    bool FileExists(string path);

    /// <summary>Whether a directory is there.</summary>
    bool DirectoryExists(string path);

    /// <summary>Makes the directory and those above it.</summary>
    void CreateDirectory(string path);

    /// <summary>Names (not paths) of the files in a directory; empty when there is no such directory.</summary>
    IReadOnlyList<string> ListFiles(string path);

    /// <summary>Names (not paths) of the directories in a directory; empty when there is no such directory.</summary>
    IReadOnlyList<string> ListDirectories(string path);

    /// <summary>Renames a file or directory in one atomic step; an existing target file is replaced.</summary>
    void Move(string from, string to);

    /// <summary>Removes a file; nothing happens when it is not there.</summary>
    void DeleteFile(string path);

    /// <summary>Removes a directory with all it holds; nothing happens when it is not there.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes creations, renames and deletions of the directory's entries durable.</summary>
    void SyncDirectory(string path);

    /// <summary>The whole of a small file.</summary>
    byte[] ReadAllBytes(string path);

    /// <summary>Replaces a small file atomically and durably: temporary file, sync, rename, sync of the directory.</summary>
    void WriteAtomically(string path, ReadOnlySpan<byte> content);

    /// <summary>Takes the exclusive lock of a file, creating it; disposing lets it go, and so does the end of the process.</summary>
    /// <exception cref="StorageException">Somebody else holds it.</exception>
    IDisposable Lock(string path);

    /// <summary>Bytes that are still free on the disk of a path.</summary>
    long FreeBytes(string path);
}
