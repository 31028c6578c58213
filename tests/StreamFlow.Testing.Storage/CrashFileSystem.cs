using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;

namespace StreamFlow.Testing.Storage;

/// <summary>
/// A disk in memory that behaves as badly as disks may: it forgets what was not synced, tears and reorders writes when the machine stops
/// (<see cref="Crash"/>), is full, read-only, or cannot sync. Directory entries are forgotten too when their directory was not synced.
/// </summary>
public sealed class CrashFileSystem : IFileSystem
{
    private Dictionary<string, CrashFile> _files = new(StringComparer.Ordinal);
    private Dictionary<string, CrashFile> _durableFiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private int _generation;

    internal Lock Gate { get; } = new();

    /// <summary>Bytes that all files may have together.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Whether every change is refused.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Whether every sync is refused.</summary>
    public bool FailsToSync { get; set; }

    /// <summary>Changes so far: writes, syncs, renames, deletions. With <see cref="FailAtChange"/> a test fails each in turn.</summary>
    public int Changes { get; private set; }

    /// <summary>The change, counted from 0, at which the machine stops: it and everything after it is refused.</summary>
    public int FailAtChange { get; set; } = int.MaxValue;

    /// <summary>Bytes that all files have together.</summary>
    public long UsedBytes
    {
        get
        {
            lock (Gate)
            {
                return Used();
            }
        }
    }

    /// <summary>Syncs so far.</summary>
    public int Syncs { get; private set; }

    /// <summary>Stops the machine and starts it again: open handles and locks are gone, and so is what did not reach the disk.</summary>
    public void Crash(Random random, CrashMode mode)
    {
        lock (Gate)
        {
            if (mode == CrashMode.LoseUnsynced || random.Next(2) == 0)
            {
                _files = new Dictionary<string, CrashFile>(_durableFiles, StringComparer.Ordinal);
            }

            foreach (var file in _files.Values)
            {
                file.Crash(random, mode);
            }

            _durableFiles = new Dictionary<string, CrashFile>(_files, StringComparer.Ordinal);
            _locks.Clear();
            _generation++;
            FailAtChange = int.MaxValue;
        }
    }

    public IFileHandle Open(string path)
    {
        lock (Gate)
        {
            if (!_files.TryGetValue(path, out var file))
            {
                Change(path);
                if (!_directories.Contains(Path.GetDirectoryName(path)!))
                {
                    throw new StorageException($"cannot create {path}: there is no such directory");
                }

                _files.Add(path, file = new CrashFile());
            }

            return new CrashFileHandle(this, path, file, _generation);
        }
    }

    public IFileHandle OpenRead(string path)
    {
        lock (Gate)
        {
            return new CrashFileHandle(this, path, Find(path), _generation);
        }
    }

    public bool FileExists(string path)
    {
        lock (Gate)
        {
            return _files.ContainsKey(path);
        }
    }

    public bool DirectoryExists(string path)
    {
        lock (Gate)
        {
            return _directories.Contains(path);
        }
    }

    public void CreateDirectory(string path)
    {
        lock (Gate)
        {
            for (var directory = path; !string.IsNullOrEmpty(directory); directory = Path.GetDirectoryName(directory))
            {
                _directories.Add(directory);
            }
        }
    }

    public IReadOnlyList<string> ListFiles(string path)
    {
        lock (Gate)
        {
            return [.. _files.Keys.Where(f => IsIn(path, f)).Select(f => Path.GetFileName(f))];
        }
    }

    public IReadOnlyList<string> ListDirectories(string path)
    {
        lock (Gate)
        {
            return [.. _directories.Where(d => IsIn(path, d)).Select(d => Path.GetFileName(d))];
        }
    }

    public void Move(string from, string to)
    {
        lock (Gate)
        {
            Change(from);
            if (_files.Remove(from, out var file))
            {
                _files[to] = file;
                return;
            }

            if (!_directories.Remove(from))
            {
                throw new StorageException($"cannot rename {from}: there is no such file or directory");
            }

            _directories.Add(to);
            Rename(_files, from, to);
            Rename(_durableFiles, from, to);
        }
    }

    public void DeleteFile(string path)
    {
        lock (Gate)
        {
            if (_files.ContainsKey(path))
            {
                Change(path);
                _files.Remove(path);
            }
        }
    }

    public void DeleteDirectory(string path)
    {
        lock (Gate)
        {
            Change(path);
            foreach (var file in _files.Keys.Where(f => f.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
            {
                _files.Remove(file);
                _durableFiles.Remove(file);
            }

            _directories.RemoveWhere(d => d == path || d.StartsWith(path + "/", StringComparison.Ordinal));
        }
    }

    public void SyncDirectory(string path)
    {
        lock (Gate)
        {
            AdmitSync(path);
            foreach (var file in _durableFiles.Keys.Where(f => IsIn(path, f)).ToList())
            {
                _durableFiles.Remove(file);
            }

            foreach (var (name, file) in _files.Where(f => IsIn(path, f.Key)))
            {
                _durableFiles[name] = file;
            }
        }
    }

    public byte[] ReadAllBytes(string path)
    {
        lock (Gate)
        {
            var file = Find(path);
            var bytes = new byte[file.Length];
            file.Read(bytes, 0);
            return bytes;
        }
    }

    public void WriteAtomically(string path, ReadOnlySpan<byte> content)
    {
        using (var file = Open(path + ".tmp"))
        {
            file.SetLength(0);
            file.Write(content, 0);
            file.Sync();
        }

        Move(path + ".tmp", path);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    // Path.GetDirectoryName makes a string of each, which simulated schedules spend a tenth of their time with.
    private static bool IsIn(string directory, string path) =>
        path.LastIndexOf(Path.DirectorySeparatorChar) == directory.Length && path.StartsWith(directory, StringComparison.Ordinal);

    public IDisposable Lock(string path)
    {
        lock (Gate)
        {
            return _locks.Add(path) ? new Release(this, path) : throw new StorageException($"{path} is held already");
        }
    }

    public long FreeBytes(string path) => Capacity - Used();

    /// <summary>Changes bytes of a file behind everybody's back, as a rotting disk does.</summary>
    public void Damage(string path, long position, Action<byte[]> change, int count = 1)
    {
        lock (Gate)
        {
            var file = Find(path);
            var bytes = new byte[count];
            file.Read(bytes, position);
            change(bytes);
            file.Write(bytes, position);
            file.Sync();
        }
    }

    internal static StorageException Full(string path) => new($"cannot write to {path}: No space left on device");

    /// <summary>The length up to which a file may grow.</summary>
    internal long Admit(string path, CrashFile file, long length)
    {
        Change(path);
        return Math.Min(length, Math.Max(file.Length, Capacity == long.MaxValue ? length : Capacity - Used() + file.Length));
    }

    internal void AdmitSync(string path)
    {
        Change(path);
        Syncs++;
        if (FailsToSync)
        {
            throw new StorageException($"cannot sync {path}: Input/output error");
        }
    }

    internal void CheckGeneration(string path, int generation)
    {
        if (generation != _generation)
        {
            throw new StorageException($"{path} was opened before the crash");
        }
    }

    private static void Rename(Dictionary<string, CrashFile> files, string from, string to)
    {
        foreach (var file in files.Keys.Where(f => f.StartsWith(from + "/", StringComparison.Ordinal)).ToList())
        {
            files.Remove(file, out var content);
            files.Add(to + file[from.Length..], content!);
        }
    }

    private void Change(string path)
    {
        if (IsReadOnly)
        {
            throw new StorageException($"cannot change {path}: Read-only file system");
        }

        if (Changes++ >= FailAtChange)
        {
            throw new StorageException($"cannot change {path}: the machine has stopped");
        }
    }

    private long Used() => _files.Values.Sum(f => f.Length);

    private CrashFile Find(string path) =>
        _files.TryGetValue(path, out var file) ? file : throw new StorageException($"cannot open {path}: there is no such file");

    private sealed class Release(CrashFileSystem disk, string path) : IDisposable
    {
        private readonly int _generation = disk._generation;

        public void Dispose()
        {
            lock (disk.Gate)
            {
                if (disk._generation == _generation)
                {
                    disk._locks.Remove(path);
                }
            }
        }
    }
}
