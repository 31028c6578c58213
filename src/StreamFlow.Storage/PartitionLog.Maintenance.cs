using StreamFlow.Core.Errors;
using StreamFlow.Storage.Cleaning;
using StreamFlow.Storage.Recovery;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage;

public sealed partial class PartitionLog
{
    // Removed segments whose files stay until the time (ms), for readers that are still at them. Under the write lock.
    private readonly Queue<(LogSegment Segment, long DueTime)> _removed = new();

    // When the first of them is due.
    private long _nextRemoval = long.MaxValue;

    /// <summary>Moves the log's start up: what lies below is gone for readers at once, and from the disk with its segments.</summary>
    /// <param name="offset">The new first offset; -1 for the high watermark.</param>
    /// <returns>NONE, or OFFSET_OUT_OF_RANGE above the high watermark. Below the log's start nothing happens.</returns>
    public ErrorCode DeleteRecords(long offset)
    {
        lock (_writeLock)
        {
            var target = offset == -1 ? _highWatermark : offset;
            if (target < 0 || target > _highWatermark)
            {
                return ErrorCode.OffsetOutOfRange;
            }

            RaiseLogStart(target);
            return ErrorCode.None;
        }
    }

    /// <summary>Begins a new segment when the active one holds anything.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    public void RollSegment()
    {
        lock (_writeLock)
        {
            Roll();
        }
    }

    /// <summary>Removes everything at and above the offset, as a follower does whose log has diverged. Whole batches go.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    public void TruncateTo(long offset)
    {
        lock (_writeLock)
        {
            if (offset >= _logEndOffset)
            {
                return;
            }

            if (offset < _logStartOffset)
            {
                StartAnewAt(offset);
                return;
            }

            var segments = _segments;
            var index = FloorIndex(segments, offset);
            for (var i = segments.Length - 1; i > index; i--)
            {
                Remove(segments[i]);
            }

            var last = segments[index];
            var end = offset;
            if (last.TryFind(offset, out var first))
            {
                end = Math.Min(offset, first.BaseOffset);
                last.TruncateTo(first.BaseOffset, first.Position);
            }
            else
            {
                last.TruncateTo(offset, last.Size);
            }

            Volatile.Write(ref _segments, segments[..(index + 1)]);
            NoteWritten(last);
            SetEnd(end);
        }
    }

    /// <summary>Removes everything; the next record gets the offset.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    public void TruncateFullyAndStartAt(long offset)
    {
        lock (_writeLock)
        {
            StartAnewAt(offset);
        }
    }

    /// <summary>Does what is due by the clock: retention, delayed removal of files, flush.ms, idle producers.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    public void RunMaintenance(DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds();
        lock (_writeLock)
        {
            if (_isClosed)
            {
                return;
            }

            _producers.RemoveIdleSince(time - (long)_context.Options.ProducerIdExpiration.TotalMilliseconds);
            RollByAge(time);
            new LogRetention(Config, time).Apply(this);
        }

        RunDue(time);
    }

    /// <summary>Does what has a time of its own, apart from the retention's turn: removal of files, flush.ms.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    internal void RunDue(long time)
    {
        if (Volatile.Read(ref _nextRemoval) <= time)
        {
            lock (_writeLock)
            {
                if (!_isClosed)
                {
                    RemoveDueFiles(time);
                }
            }
        }

        if (Config.FlushMs != long.MaxValue && LogEndOffset > DurableOffset && time - _lastFlushTime >= Config.FlushMs)
        {
            _ = FlushAsync(LogEndOffset).AsTask();
        }
    }

    /// <summary>Begins a new segment when retention wants the active one gone: only whole, sealed segments are removed.</summary>
    internal void RollForRetention() => Roll();

    /// <summary>Removes the first segments; the log starts with what is left.</summary>
    internal void RemoveFirst(int count)
    {
        if (count == 0)
        {
            return;
        }

        var segments = _segments;
        RaiseLogStart(Math.Max(_logStartOffset, segments[count].BaseOffset));
        Volatile.Write(ref _segments, segments[count..]);
        for (var i = 0; i < count; i++)
        {
            Remove(segments[i]);
        }

        RemoveSnapshotsBelow(segments[count].BaseOffset);
    }

    /// <summary>
    /// Puts the cleaner's output in the place of the segments it was made from.
    /// </summary>
    internal bool TryReplace(LogSegment[] old, LogSegment cleaned)
    {
        lock (_writeLock)
        {
            var at = Array.IndexOf(_segments, old[0]);
            if (_isClosed || at < 0 || at + old.Length >= _segments.Length || !_segments.AsSpan(at, old.Length).SequenceEqual(old))
            {
                return false;
            }

            // From here on a restart completes the swap: the old segments may not go before that is durable.
            cleaned.ChangeSuffix(LogFileName.Cleaned, LogFileName.Swap);
            _context.Files.SyncDirectory(Directory);
            Volatile.Write(ref _segments, [.. _segments[..at], cleaned, .. _segments[(at + old.Length)..]]);
            foreach (var segment in old)
            {
                Remove(segment);
            }

            cleaned.ChangeSuffix(LogFileName.Swap, "");
            _context.Files.SyncDirectory(Directory);
            return true;
        }
    }

    /// <summary>Where each producer's last batch ends (-1 when only markers are known), and its epoch.</summary>
    internal IReadOnlyDictionary<long, (long LastOffset, short Epoch)> LastBatchesOfProducers()
    {
        lock (_writeLock)
        {
            var last = new Dictionary<long, (long, short)>(_producers.Producers.Count);
            foreach (var (id, entry) in _producers.Producers)
            {
                last.Add(id, (entry.HasBatches ? entry.LastBatch.LastOffset : -1, entry.Epoch));
            }

            return last;
        }
    }

    /// <summary>Closes the files. Everything is made durable first, so that the next start need not scan.</summary>
    /// <returns>False when the disk refused, so that the directory may not be marked as cleanly shut down.</returns>
    internal bool Close()
    {
        lock (_writeLock)
        {
            if (_isClosed)
            {
                return true;
            }

            _isClosed = true;
        }

        var isClean = false;
        if (_failure is null)
        {
            try
            {
                TakeSnapshot();
                _segments[^1].Trim();
                _segments[^1].PersistIndexes();
                _segments[^1].SyncIndexes();
                Sync();
                isClean = true;
            }
            catch (StorageException e)
            {
                LogSyncFailed(_context.Logger, TopicPartition, e);
            }
        }

        Release();
        return isClean;
    }

    /// <summary>Closes the files of a log whose directory is going to be removed; readers that come late get an error.</summary>
    internal void CloseForDeletion(string renamedDirectory)
    {
        lock (_writeLock)
        {
            _isClosed = true;
            _isDeleted = true;
            Directory = renamedDirectory;
            foreach (var segment in _segments)
            {
                segment.MoveTo(renamedDirectory);
            }
        }
    }

    internal void Release()
    {
        foreach (var segment in _segments)
        {
            segment.Dispose();
        }

        while (_removed.TryDequeue(out var removed))
        {
            removed.Segment.Dispose();
        }
    }

    private void RollByAge(long time)
    {
        var config = Config;
        var maxAge = config.IsCompacted ? Math.Min(config.SegmentMs, config.MaxCompactionLagMs) : config.SegmentMs;
        if (Active.Size > 0 && Active.FirstTimestamp() >= 0 && time - Active.FirstTimestamp() > maxAge - Jitter(config))
        {
            Roll();
        }
    }

    private void RaiseLogStart(long offset)
    {
        if (offset > _logStartOffset)
        {
            Volatile.Write(ref _logStartOffset, offset);
            _epochs.TruncateFromStart(offset);
            if (offset > DurableOffset)
            {
                Volatile.Write(ref _durableOffset, offset);
            }
        }
    }

    private void StartAnewAt(long offset)
    {
        var old = _segments;
        foreach (var segment in old)
        {
            Remove(segment);
        }

        // Readers that miss the old segments have to find the start above their offset.
        Volatile.Write(ref _logStartOffset, Math.Max(_logStartOffset, offset));
        Volatile.Write(ref _segments, [LogSegment.Create(_context.Files, Directory, offset, Config.ReservedBytes)]);
        NoteCreated();
        _unsynced = [_segments[0]];
        Volatile.Write(ref _logStartOffset, offset);
        SetEnd(offset);
    }

    /// <summary>Brings everything that depends on the end in line with a lower one.</summary>
    private void SetEnd(long end)
    {
        Volatile.Write(ref _logEndOffset, end);
        Volatile.Write(ref _highWatermark, Math.Min(_highWatermark, end));
        Volatile.Write(ref _durableOffset, Math.Min(_durableOffset, end));
        _epochs.TruncateFromEnd(end);
        var replayed = new ProducerReplay(_context.Files, Directory, [.. _segments]).Run(_logStartOffset, end, long.MaxValue);
        _producers.Load([.. replayed.Producers.Values], end);
        _producers.OnHighWatermark(_highWatermark);
        PublishFirstUnstable();
    }

    private void Remove(LogSegment segment)
    {
        _unsynced.Remove(segment);
        segment.ChangeSuffix("", LogFileName.Deleted);
        _removed.Enqueue((segment, _context.Now() + Config.FileDeleteDelayMs));
        RemoveDueFiles(_context.Now());
    }

    private void RemoveDueFiles(long time)
    {
        while (_removed.TryPeek(out var removed) && removed.DueTime <= time)
        {
            removed.Segment.Delete(LogFileName.Deleted);
            _removed.Dequeue();
        }

        Volatile.Write(ref _nextRemoval, _removed.TryPeek(out var next) ? next.DueTime : long.MaxValue);
    }

    /// <summary>Snapshots below the first segment are of no use to a replay that begins there.</summary>
    private void RemoveSnapshotsBelow(long offset)
    {
        foreach (var name in _context.Files.ListFiles(Directory))
        {
            if (LogFileName.OffsetOf(name, LogFileName.ProducerSnapshot) < offset)
            {
                _context.Files.DeleteFile(Path.Combine(Directory, name));
            }
        }
    }
}
