using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Segments;

/// <summary>
/// A file of entries of one size that only grows at its end. The active segment's entries are in memory too, so that an append costs no
/// system call and a lookup at the tail none either; sealing writes the rest and lets the memory go. One thread appends, others read:
/// an entry is complete before the count that covers it is published.
/// </summary>
internal sealed class IndexFile(IFileSystem files, string path, int entrySize) : IDisposable
{
    private const int InitialEntries = 16;

    private readonly Lock _handleLock = new();
    private IFileHandle? _handle;
    private byte[]? _memory;
    private int _count;
    private int _persisted;
    private bool _isUnsynced;

    // Set when readers may be using the handle.
    private bool _isRead;

    public string Path { get; private set; } = path;

    /// <summary>Entries that can be read.</summary>
    public int Count => Volatile.Read(ref _count);

    public long SizeInBytes => (long)Count * entrySize;

    /// <summary>Takes over what the file holds; a partial entry at its end is left out.</summary>
    /// <param name="inMemory">True for the active segment.</param>
    public void Load(bool inMemory)
    {
        _count = files.FileExists(Path) ? (int)(Handle().Length / entrySize) : 0;
        _persisted = _count;
        if (inMemory)
        {
            _memory = new byte[Math.Max(_count, InitialEntries) * entrySize];
            if (_count > 0)
            {
                Handle().Read(_memory.AsSpan(0, _count * entrySize), 0);
            }
        }
    }

    /// <summary>Forgets every entry, in memory and in the file, and gets ready for appends.</summary>
    public void Reset()
    {
        _count = _persisted = 0;
        _memory = new byte[InitialEntries * entrySize];
        if (files.FileExists(Path))
        {
            Handle().SetLength(0);
        }
    }

    /// <summary>Appends an entry; it stays in memory until <see cref="Persist"/>.</summary>
    public void Append(ReadOnlySpan<byte> entry)
    {
        var memory = _memory ?? throw new InvalidOperationException($"{Path} is sealed");
        var at = _count * entrySize;
        if (at == memory.Length)
        {
            Array.Resize(ref memory, memory.Length * 2);
            Volatile.Write(ref _memory, memory);
        }

        entry.CopyTo(memory.AsSpan(at));
        Volatile.Write(ref _count, _count + 1);
    }

    public void Read(int index, Span<byte> entry)
    {
        if (Volatile.Read(ref _memory) is { } memory)
        {
            memory.AsSpan(index * entrySize, entrySize).CopyTo(entry);
            return;
        }

        Handle().Read(entry[..entrySize], (long)index * entrySize);
    }

    /// <summary>Drops the entries from the index on.</summary>
    public void Truncate(int count)
    {
        if (count >= _count)
        {
            return;
        }

        Volatile.Write(ref _count, count);
        if (_persisted > count)
        {
            _persisted = count;
            Handle().SetLength((long)count * entrySize);
        }
    }

    /// <summary>Writes what the file lacks.</summary>
    public void Persist()
    {
        if (_memory is not { } memory)
        {
            return;
        }

        if (_persisted < _count || !files.FileExists(Path))
        {
            Handle().Write(memory.AsSpan(_persisted * entrySize, (_count - _persisted) * entrySize), (long)_persisted * entrySize);
            _persisted = _count;
            _isUnsynced = true;
        }

        // Until the entries leave memory nobody reads the file.
        if (!_isRead)
        {
            Dispose();
        }
    }

    /// <summary>Writes what the file lacks and lets the memory go: no more appends.</summary>
    public void Seal()
    {
        Persist();
        _isRead = true;
        Volatile.Write(ref _memory, null);
    }

    /// <summary>Loads the entries into memory again, for appends.</summary>
    public void Unseal() => Load(inMemory: true);

    public void Sync()
    {
        Persist();
        if (_isUnsynced)
        {
            Handle().Sync();
            _isUnsynced = false;
        }
    }

    /// <summary>Renames the file when there is one.</summary>
    public void MoveTo(string path)
    {
        if (files.FileExists(Path))
        {
            // A reader that comes later must find the file that moved, not make a new one in its old place.
            Handle();
            files.Move(Path, path);
        }

        Path = path;
    }

    public void Dispose()
    {
        lock (_handleLock)
        {
            _handle?.Dispose();
            _handle = null;
        }
    }

    private IFileHandle Handle()
    {
        lock (_handleLock)
        {
            return _handle ??= files.Open(Path);
        }
    }
}
