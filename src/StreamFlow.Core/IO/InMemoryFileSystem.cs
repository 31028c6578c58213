using StreamFlow.Core.Errors;

namespace StreamFlow.Core.IO;

/// <summary>
/// Files that live as long as the process: what <c>memory:</c> clusters stand on. Every instance is a disk of its own, without a limit.
/// Thread safe as a directory; a single file is written by one thread at a time and read by many.
/// </summary>
public sealed class InMemoryFileSystem : IFileSystem
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, InMemoryFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IFileHandle Open(string path)
    {
        var key = Normalize(path);
        lock (_lock)
        {
            if (!_files.TryGetValue(key, out var file))
            {
                RequireParent(key);
                _files.Add(key, file = new InMemoryFile());
            }

            return new InMemoryFileHandle(path, file);
        }
    }

    /// <inheritdoc/>
    public IFileHandle OpenRead(string path)
    {
        lock (_lock)
        {
            return new InMemoryFileHandle(path, Find(path));
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path)
    {
        lock (_lock)
        {
            return _files.ContainsKey(Normalize(path));
        }
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path)
    {
        lock (_lock)
        {
            return _directories.Contains(Normalize(path));
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (_lock)
        {
            for (var key = Normalize(path); key.Length > 0 && _directories.Add(key);)
            {
                key = ParentOf(key);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string path)
    {
        lock (_lock)
        {
            return NamesIn(Normalize(path), _files.Keys);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string path)
    {
        lock (_lock)
        {
            return NamesIn(Normalize(path), _directories);
        }
    }

    /// <inheritdoc/>
    public void Move(string from, string to)
    {
        var (source, target) = (Normalize(from), Normalize(to));
        lock (_lock)
        {
            if (_files.Remove(source, out var file))
            {
                RequireParent(target);
                _files[target] = file;
                return;
            }

            if (!_directories.Contains(source))
            {
                throw new StorageException($"cannot rename {from} to {to}: there is no such file or directory");
            }

            if (_directories.Contains(target))
            {
                throw new StorageException($"cannot rename {from} to {to}: the directory exists already");
            }

            MoveDirectory(source, target);
        }
    }

    /// <inheritdoc/>
    public void DeleteFile(string path)
    {
        lock (_lock)
        {
            _files.Remove(Normalize(path));
        }
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        var key = Normalize(path);
        lock (_lock)
        {
            foreach (var file in Below(key, _files.Keys))
            {
                _files.Remove(file);
            }

            foreach (var directory in Below(key, _directories))
            {
                _directories.Remove(directory);
            }

            _directories.Remove(key);
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
    }

    /// <inheritdoc/>
    public byte[] ReadAllBytes(string path)
    {
        lock (_lock)
        {
            var file = Find(path);
            var bytes = new byte[file.Length];
            file.Read(bytes, 0);
            return bytes;
        }
    }

    /// <inheritdoc/>
    public void WriteAtomically(string path, ReadOnlySpan<byte> content)
    {
        var file = new InMemoryFile();
        file.Write(content, 0);
        var key = Normalize(path);
        lock (_lock)
        {
            RequireParent(key);
            _files[key] = file;
        }
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        var key = Normalize(path);
        lock (_lock)
        {
            RequireParent(key);
            _files.TryAdd(key, new InMemoryFile());
            return _locks.Add(key)
                ? new HeldLock(this, key)
                : throw new StorageException($"{path} is held already; close its holder or choose another directory");
        }
    }

    /// <inheritdoc/>
    public long FreeBytes(string path) => long.MaxValue;

    private static string Normalize(string path) => path.Replace('\\', '/').TrimEnd('/');

    private static string ParentOf(string key) => key.LastIndexOf('/') is > 0 and var at ? key[..at] : "";

    private static List<string> NamesIn(string directory, IEnumerable<string> keys)
    {
        var names = new List<string>();
        foreach (var key in keys)
        {
            if (ParentOf(key) == directory)
            {
                names.Add(key[(directory.Length + 1)..]);
            }
        }

        return names;
    }

    private static List<string> Below(string directory, IEnumerable<string> keys)
    {
        var below = new List<string>();
        foreach (var key in keys)
        {
            if (key.StartsWith(directory + "/", StringComparison.Ordinal))
            {
                below.Add(key);
            }
        }

        return below;
    }

    private void MoveDirectory(string source, string target)
    {
        foreach (var key in Below(source, _files.Keys))
        {
            _files.Remove(key, out var file);
            _files.Add(target + key[source.Length..], file!);
        }

        foreach (var key in Below(source, _directories))
        {
            _directories.Remove(key);
            _directories.Add(target + key[source.Length..]);
        }

        _directories.Remove(source);
        _directories.Add(target);
    }

    private InMemoryFile Find(string path) =>
        _files.TryGetValue(Normalize(path), out var file) ? file : throw new StorageException($"cannot open {path}: there is no such file");

    private void RequireParent(string key)
    {
        var parent = ParentOf(key);
        if (parent.Length > 0 && !_directories.Contains(parent))
        {
            throw new StorageException($"cannot create {key}: there is no directory {parent}");
        }
    }

    private sealed class HeldLock(InMemoryFileSystem owner, string key) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._locks.Remove(key);
            }
        }
    }
}
