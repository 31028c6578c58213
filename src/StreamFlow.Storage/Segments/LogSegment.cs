using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Segments;

/// <summary>
/// One segment of a partition: the log file and its three indexes. The partition's writer appends under the partition's lock; readers
/// come at any time and see what lies below <see cref="Size"/>, which is published after the bytes are written. Files are opened when they
/// are first used, so that partitions that nobody uses hold none open.
/// </summary>
internal sealed class LogSegment : IDisposable
{
    private readonly IFileSystem _files;
    private readonly Lock _openLock = new();
    private string _directory;
    private string _suffix;
    private IFileHandle? _log;
    private bool _isDisposed;
    private long _size;
    private long _verifiedEnd;
    private int _bytesSinceIndexEntry;
    private long _firstTimestamp = -1;
    private bool _mayBeReserved;

    private LogSegment(IFileSystem files, string directory, long baseOffset, string suffix)
    {
        _files = files;
        _directory = directory;
        _suffix = suffix;
        BaseOffset = baseOffset;
        Offsets = new OffsetIndex(files, LogFileName.Of(directory, baseOffset, LogFileName.OffsetIndex + suffix), baseOffset);
        Times = new TimeIndex(files, LogFileName.Of(directory, baseOffset, LogFileName.TimeIndex + suffix), baseOffset);
        Transactions = new TransactionIndex(files, LogFileName.Of(directory, baseOffset, LogFileName.TransactionIndex + suffix));
    }

    public long BaseOffset { get; }

    /// <summary>The file of the batches.</summary>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    /// <exception cref="ObjectDisposedException">The segment was removed or closed.</exception>
    public IFileHandle Log => Volatile.Read(ref _log) ?? OpenLog();

    public string LogPath => LogFileName.Of(_directory, BaseOffset, LogFileName.Log);

    public OffsetIndex Offsets { get; }

    public TimeIndex Times { get; }

    public TransactionIndex Transactions { get; }

    /// <summary>Bytes of the log that readers may see.</summary>
    public long Size => Volatile.Read(ref _size);

    /// <summary>Up to here every batch is known to be sound: written or scanned by this process. Behind it reads check.</summary>
    public long VerifiedEnd => Volatile.Read(ref _verifiedEnd);

    /// <summary>Largest timestamp of a record (ms), -1 when there is none.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    /// <summary>Last offset of the batch with the largest timestamp.</summary>
    public long OffsetOfMaxTimestamp { get; private set; } = -1;

    /// <summary>Whether no more is appended and the indexes stand in their files.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Makes the files of a new, empty segment.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">The partition's directory.</param>
    /// <param name="baseOffset">The segment's first offset.</param>
    /// <param name="reservedBytes">What is set aside for its log until it is sealed or trimmed; 0 for nothing.</param>
    /// <param name="suffix">What the files' names end with until <see cref="ChangeSuffix"/>.</param>
    /// <exception cref="StorageException">The disk refused, for want of room perhaps.</exception>
    public static LogSegment Create(IFileSystem files, string directory, long baseOffset, long reservedBytes, string suffix = "")
    {
        var segment = new LogSegment(files, directory, baseOffset, suffix);
        segment.Log.SetLength(0);
        segment.Reserve(reservedBytes);
        segment.ResetIndexes();
        segment.Offsets.File.Persist();
        segment.Times.File.Persist();
        return segment;
    }

    /// <summary>Opens the files of an existing segment without trusting or scanning anything yet.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">The partition's directory.</param>
    /// <param name="baseOffset">The segment's first offset.</param>
    /// <param name="isClean">Whether it was closed; otherwise more may be set aside for its log than it holds.</param>
    public static LogSegment Open(IFileSystem files, string directory, long baseOffset, bool isClean)
    {
        var segment = new LogSegment(files, directory, baseOffset, "") { _mayBeReserved = !isClean };
        segment._size = segment.Log.Length;
        return segment;
    }

    /// <summary>Takes over the index files after a clean shutdown.</summary>
    /// <param name="isActive">Whether the segment is going to be appended to.</param>
    /// <returns>False when one of them is missing or does not fit the log: a scan has to rebuild them.</returns>
    public bool TryLoadIndexes(bool isActive)
    {
        var isThere = _size == 0 || (_files.FileExists(Offsets.File.Path) && _files.FileExists(Times.File.Path));
        if (!Offsets.TryLoad(_size, isActive) || !Times.TryLoad(isActive) || !Transactions.TryLoad() || !isThere)
        {
            return false;
        }

        IsSealed = !isActive;
        (MaxTimestamp, OffsetOfMaxTimestamp) = (Times.LastTimestamp, Times.LastOffset);
        return true;
    }

    /// <summary>Forgets the indexes, so that <see cref="Index"/> can fill them again.</summary>
    public void ResetIndexes()
    {
        Offsets.Reset();
        Times.Reset();
        Transactions.Reset();
        (MaxTimestamp, OffsetOfMaxTimestamp) = (-1, -1);
        _bytesSinceIndexEntry = 0;
        _firstTimestamp = -1;
        IsSealed = false;
    }

    /// <summary>Appends a batch. When the disk refuses, the log is cut back to where it was.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    public void Append(ReadOnlySpan<byte> batch, in BatchHeader header, int indexIntervalBytes)
    {
        var position = _size;
        try
        {
            Log.Write(batch, position);
        }
        catch (StorageException)
        {
            CutBack(position);
            throw;
        }

        Index(header, indexIntervalBytes);
        if (_verifiedEnd == position)
        {
            Volatile.Write(ref _verifiedEnd, position + batch.Length);
        }

        Volatile.Write(ref _size, position + batch.Length);
    }

    /// <summary>Enters a batch that stands at the header's position into the indexes.</summary>
    public void Index(in BatchHeader header, int indexIntervalBytes)
    {
        if (header.MaxTimestamp > MaxTimestamp)
        {
            (MaxTimestamp, OffsetOfMaxTimestamp) = (header.MaxTimestamp, header.LastOffset);
        }

        if (_bytesSinceIndexEntry > indexIntervalBytes)
        {
            Offsets.Append(header.LastOffset, header.Position);
            Times.AppendIfLarger(MaxTimestamp, OffsetOfMaxTimestamp);
            _bytesSinceIndexEntry = 0;
        }

        _bytesSinceIndexEntry += header.Size;
    }

    /// <summary>Makes the next batch get an index entry, so that what lies behind damage can be reached without walking over it.</summary>
    public void ForceIndexEntry() => _bytesSinceIndexEntry = int.MaxValue / 2;

    /// <summary>Cuts the log behind the last batch that was entered into the indexes, for good: what was cut may not come back.</summary>
    public void CutAt(long position)
    {
        Log.SetLength(position);
        Log.Sync();
        Volatile.Write(ref _size, position);
    }

    /// <summary>Says that every batch below the position is sound.</summary>
    public void MarkVerified(long end) => Volatile.Write(ref _verifiedEnd, end);

    /// <summary>The first batch that holds the offset or stands behind it.</summary>
    /// <returns>False when the segment ends before it.</returns>
    /// <exception cref="CorruptLogException">A batch header on the way is damaged.</exception>
    [System.Runtime.CompilerServices.SkipLocalsInit]
    public bool TryFind(long offset, out BatchHeader header)
    {
        Span<byte> buffer = stackalloc byte[BatchHeaderReader.BufferSize];
        var hint = Offsets.PositionAtOrBefore(offset);

        // An entry that points outside of the log is damaged; without it the search takes longer.
        var reader = new BatchHeaderReader(Log, hint < 0 || hint > Size ? 0 : hint, Size, buffer);
        while (reader.TryRead(out header))
        {
            if (header.LastOffset >= offset)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Offset of the last record, null while the segment is empty.</summary>
    public long? LastOffset()
    {
        long? last = null;
        Span<byte> buffer = stackalloc byte[BatchHeaderReader.BufferSize];
        var reader = new BatchHeaderReader(Log, Offsets.LastPosition, Size, buffer);
        while (reader.TryRead(out var header))
        {
            last = header.LastOffset;
        }

        return last;
    }

    /// <summary>Where the last whole batch ends that begins at or behind <paramref name="first"/> and fits the limits.</summary>
    /// <param name="first">The first batch of the read.</param>
    /// <param name="maxBytes">The most bytes from the first batch on.</param>
    /// <param name="limitOffset">Batches at or above this offset are not visible; batches never straddle it.</param>
    [System.Runtime.CompilerServices.SkipLocalsInit]
    public long EndOfWholeBatches(in BatchHeader first, int maxBytes, long limitOffset)
    {
        var size = Size;
        var limit = first.Position + maxBytes;
        if (limit >= size && limitOffset == long.MaxValue)
        {
            return size;
        }

        long from = Math.Min(Offsets.PositionAtOrBeforePosition(limit), Offsets.PositionAtOrBefore(limitOffset - 1));
        var end = Math.Max(from, first.Position);
        Span<byte> buffer = stackalloc byte[BatchHeaderReader.BufferSize];
        var reader = new BatchHeaderReader(Log, end, size, buffer);
        while (end < limit && reader.TryRead(out var header) && header.End <= limit && header.LastOffset < limitOffset)
        {
            end = header.End;
        }

        return end;
    }

    /// <summary>Timestamp of the first batch's first record (ms), by which a segment's age is measured; -1 while it is empty.</summary>
    public long FirstTimestamp()
    {
        if (_firstTimestamp < 0 && Size > 0)
        {
            Span<byte> buffer = stackalloc byte[Core.Records.RecordBatch.HeaderSize];
            var reader = new BatchHeaderReader(Log, 0, Size, buffer);
            _firstTimestamp = reader.TryRead(out var header) ? header.MaxTimestamp : -1;
        }

        return _firstTimestamp;
    }

    /// <summary>Whether an index has no room for another entry.</summary>
    public bool IsIndexFull(int maxIndexBytes) =>
        (Offsets.Count + 1L) * OffsetIndex.EntrySize > maxIndexBytes || (Times.Count + 2L) * TimeIndex.EntrySize > maxIndexBytes;

    /// <summary>Cuts the log at a position where the batch of the offset begins.</summary>
    public void TruncateTo(long offset, long position)
    {
        IsSealed = false;
        Offsets.File.Unseal();
        Times.File.Unseal();
        Offsets.TruncateTo(offset, position);
        Times.TruncateTo(offset);
        Transactions.TruncateTo(offset);
        Volatile.Write(ref _size, position);
        Volatile.Write(ref _verifiedEnd, Math.Min(_verifiedEnd, position));
        Log.SetLength(position);
        _bytesSinceIndexEntry = (int)(position - Offsets.LastPosition);
        (MaxTimestamp, OffsetOfMaxTimestamp) = (Times.LastTimestamp, Times.LastOffset);
        RestoreMaxTimestamp();
    }

    /// <summary>Looks at the batches behind the last index entries for a larger timestamp.</summary>
    public void RestoreMaxTimestamp()
    {
        Span<byte> buffer = stackalloc byte[BatchHeaderReader.BufferSize];
        var reader = new BatchHeaderReader(Log, Offsets.LastPosition, Size, buffer);
        while (reader.TryRead(out var header))
        {
            if (header.MaxTimestamp > MaxTimestamp)
            {
                (MaxTimestamp, OffsetOfMaxTimestamp) = (header.MaxTimestamp, header.LastOffset);
            }
        }

        _bytesSinceIndexEntry = (int)(Size - Offsets.LastPosition);
    }

    /// <summary>Completes the indexes and writes them to their files; more may be appended.</summary>
    public void PersistIndexes()
    {
        if (!IsSealed)
        {
            Times.AppendIfLarger(MaxTimestamp, OffsetOfMaxTimestamp);
            Offsets.File.Persist();
            Times.File.Persist();
        }
    }

    /// <summary>Gives back what is set aside on the disk behind the log's end.</summary>
    public void Trim()
    {
        if (_mayBeReserved)
        {
            Log.SetLength(_size);
            _mayBeReserved = false;
        }
    }

    /// <summary>Completes the indexes; nothing is appended any more.</summary>
    public void Seal()
    {
        Trim();
        PersistIndexes();
        Offsets.File.Seal();
        Times.File.Seal();
        IsSealed = true;
    }

    /// <summary>
    /// Makes a sealed segment durable, indexes included, or the log alone while it is active: recovery rebuilds its indexes.
    /// </summary>
    public void Sync()
    {
        Log.Sync();
        if (IsSealed)
        {
            SyncIndexes();
        }
    }

    public void SyncIndexes()
    {
        Offsets.File.Sync();
        Times.File.Sync();
        Transactions.Sync();
    }

    /// <summary>Renames the files from one suffix to another; open handles stay valid.</summary>
    public void ChangeSuffix(string from, string to)
    {
        // A reader that comes while the file moves must find it.
        _ = Log;
        _suffix = to;
        _files.Move(
            LogFileName.Of(_directory, BaseOffset, LogFileName.Log + from), LogFileName.Of(_directory, BaseOffset, LogFileName.Log + to));
        Offsets.File.MoveTo(LogFileName.Of(_directory, BaseOffset, LogFileName.OffsetIndex + to));
        Times.File.MoveTo(LogFileName.Of(_directory, BaseOffset, LogFileName.TimeIndex + to));
        Transactions.MoveTo(LogFileName.Of(_directory, BaseOffset, LogFileName.TransactionIndex + to));
    }

    /// <summary>Removes the files, which bear the suffix, and closes the handles.</summary>
    public void Delete(string suffix)
    {
        Dispose();
        _files.DeleteFile(LogFileName.Of(_directory, BaseOffset, LogFileName.Log + suffix));
        _files.DeleteFile(Offsets.File.Path);
        _files.DeleteFile(Times.File.Path);
        _files.DeleteFile(Transactions.Path);
    }

    /// <summary>The directory was renamed.</summary>
    public void MoveTo(string directory)
    {
        lock (_openLock)
        {
            _directory = directory;
        }
    }

    /// <summary>Closes the files until they are used again. Nobody else may know the segment yet.</summary>
    public void Rest()
    {
        Interlocked.Exchange(ref _log, null)?.Dispose();
        Offsets.File.Dispose();
        Times.File.Dispose();
    }

    public void Dispose()
    {
        lock (_openLock)
        {
            _isDisposed = true;
            Interlocked.Exchange(ref _log, null)?.Dispose();
        }

        Offsets.Dispose();
        Times.Dispose();
    }

    private void Reserve(long bytes)
    {
        if (bytes <= 0)
        {
            return;
        }

        try
        {
            Log.Reserve(bytes);
            _mayBeReserved = true;
        }
        catch (StorageException)
        {
            Delete(_suffix);
            throw;
        }
    }

    private IFileHandle OpenLog()
    {
        lock (_openLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var log = _log ?? _files.Open(LogFileName.Of(_directory, BaseOffset, LogFileName.Log + _suffix));
            Volatile.Write(ref _log, log);
            return log;
        }
    }

    private void CutBack(long position)
    {
        try
        {
            Log.SetLength(position);
        }
        catch (StorageException)
        {
            // The end that readers see has not moved, the next append writes over what is there, and recovery cuts it: the
            // failure of the append is what the caller has to hear.
        }
    }
}
