using StreamFlow.Core.Errors;
using StreamFlow.Storage.Checkpoints;
using StreamFlow.Storage.Flushing;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage;

public sealed partial class PartitionLog
{
    private readonly Lock _flushLock = new();

    // Segments written to since the last sync, and whether a file was created since: both under the write lock.
    private List<LogSegment> _unsynced = [];
    private bool _isDirectoryUnsynced = true;
    private bool _isNew = true;
    private List<LogSegment>? _freeSegments;

    // Those who wait for the next sync, and a list that is empty: both under the flush lock.
    private List<IFlushObserver> _nextFlush = [];
    private List<IFlushObserver>? _freeGroup;

    // What is being done for those who wait, also under the flush lock.
    private readonly FlushPacing _pacing = new();
    private FlushTurn _turn;
    private long _hold;
    private long _durableOffset;
    private long _lastFlushTime;

    /// <summary>Records below this offset survive the loss of power.</summary>
    public long DurableOffset => Volatile.Read(ref _durableOffset);

    /// <summary>
    /// Completes when everything below the offset is on the disk. Requests that come while a sync runs share the next one, so the price of
    /// a sync is divided among all that wait for it.
    /// </summary>
    /// <param name="endOffset">Usually <see cref="AppendResult.LastOffset"/> + 1.</param>
    /// <returns>Fails with a <see cref="StorageException"/> when the disk refuses to sync; the log takes no more appends then. To be
    /// awaited once.</returns>
    public ValueTask FlushAsync(long endOffset)
    {
        var wait = FlushWait.Rent();
        if (RequestFlush(endOffset, wait))
        {
            return wait.Task;
        }

        wait.Return();
        return ValueTask.CompletedTask;
    }

    /// <summary>Tells an observer when everything below the offset is on the disk; else as <see cref="FlushAsync"/>.</summary>
    /// <param name="endOffset">Usually <see cref="AppendResult.LastOffset"/> + 1.</param>
    /// <param name="observer">Who is told: on the thread that syncs, or on this one.</param>
    /// <param name="mayRunHere">Whether this thread may be kept until the disk has synced. It is only if all requests that were in flight
    /// wait for the sync, so that nobody is held up by that.</param>
    /// <returns>False when it is there already: the observer is not called.</returns>
    public bool RequestFlush(long endOffset, IFlushObserver observer, bool mayRunHere = false)
    {
        if (endOffset <= DurableOffset)
        {
            return false;
        }

        FlushTurn turn;
        lock (_flushLock)
        {
            _nextFlush.Add(observer);
            turn = TakeTurn();
            mayRunHere = mayRunHere && turn == FlushTurn.Queued && _pacing.MayKeepCaller(_nextFlush.Count);
        }

        if (!mayRunHere || !_context.Flusher.TryRunHere(this))
        {
            Act(turn);
        }

        return true;
    }

    /// <summary>
    /// Syncs what has been written and answers those who wait for it. Called through the flusher, one call at a time a log.
    /// </summary>
    internal void RunFlush()
    {
        List<IFlushObserver> group;
        lock (_flushLock)
        {
            // Whoever comes from here on may have appended after the sync below has begun, and needs the next one.
            (group, _nextFlush, _freeGroup) = (_nextFlush, _freeGroup ?? [], null);
            _turn = FlushTurn.Running;
        }

        StorageException? error = null;
        try
        {
            Sync();
        }
#pragma warning disable CA1031 // those who wait hear of it, whatever it is, and the flusher's thread serves the other logs
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e as StorageException ?? new StorageException($"making {TopicPartition} durable failed: {e.Message}", e);
        }

        FlushTurn turn;
        lock (_flushLock)
        {
            _pacing.OnSynced(group.Count, _nextFlush.Count);
            _turn = FlushTurn.None;
            turn = TakeTurn();
        }

        foreach (var observer in group)
        {
            observer.OnFlushed(error);
        }

        group.Clear();
        lock (_flushLock)
        {
            _freeGroup = group;
        }

        Act(turn);
    }

    /// <summary>Stops waiting for more requests. Called by the flusher.</summary>
    /// <param name="hold">Which hold is to end; it may have ended already.</param>
    internal void EndHold(long hold)
    {
        lock (_flushLock)
        {
            if (_turn != FlushTurn.Held || _hold != hold)
            {
                return;
            }

            _turn = FlushTurn.Queued;
        }

        _context.Flusher.Enqueue(this);
    }

    /// <summary>Decides what to do for those who wait; under the flush lock.</summary>
    /// <returns>What the caller has to do outside of the lock: queue or hold this log, or nothing.</returns>
    private FlushTurn TakeTurn()
    {
        if (_nextFlush.Count == 0 || _turn is FlushTurn.Queued or FlushTurn.Running)
        {
            return FlushTurn.None;
        }

        if (_nextFlush.Count >= _pacing.Wanted)
        {
            return _turn = FlushTurn.Queued;
        }

        if (_turn == FlushTurn.Held)
        {
            return FlushTurn.None;
        }

        _hold++;
        return _turn = FlushTurn.Held;
    }

    private void Act(FlushTurn turn)
    {
        if (turn == FlushTurn.Queued)
        {
            _context.Flusher.Enqueue(this);
        }
        else if (turn == FlushTurn.Held)
        {
            _context.Flusher.Hold(this, Volatile.Read(ref _hold));
        }
    }

    private void Sync()
    {
        List<LogSegment> segments;
        long end;
        bool isDirectoryUnsynced;
        lock (_writeLock)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            (segments, _unsynced, _freeSegments) = (_unsynced, _freeSegments ?? [], null);
            (isDirectoryUnsynced, _isDirectoryUnsynced) = (_isDirectoryUnsynced, false);
            end = _logEndOffset;
            _lastFlushTime = _context.Now();
        }

        try
        {
            foreach (var segment in segments)
            {
                SyncUnlessRemoved(segment);
            }

            if (isDirectoryUnsynced)
            {
                SyncDirectories();
            }
        }
        catch (StorageException e) when (!_isDeleted)
        {
            Fail(e);
            throw;
        }
        catch (Exception) when (_isDeleted)
        {
            // The topic was deleted meanwhile: nothing of it needs to be durable any more.
        }

        WriteEpochs();

        if (end > DurableOffset)
        {
            Volatile.Write(ref _durableOffset, end);
        }

        segments.Clear();
        lock (_writeLock)
        {
            _freeSegments = segments;
        }
    }

    /// <summary>
    /// Writes the file of epochs when there are new ones. It is written anew and whole, so a full disk costs this flush and not the log:
    /// the next flush tries again.
    /// </summary>
    private void WriteEpochs()
    {
        try
        {
            _epochs.WriteIfDirty();
        }
        catch (StorageException) when (_isDeleted)
        {
            // Its directory is gone, and it is not needed any more.
        }
    }

    private static void SyncUnlessRemoved(LogSegment segment)
    {
        try
        {
            segment.Sync();
        }
        catch (ObjectDisposedException)
        {
            // Retention removed it meanwhile. Those after it have to be durable all the same.
        }
    }

    /// <summary>
    /// Makes created and renamed files durable. A new partition costs no sync before its first records do: its directory and its topic's id
    /// become durable with them.
    /// </summary>
    private void SyncDirectories()
    {
        if (_isNew)
        {
            PartitionMetadataFile.Sync(_context.Files, Directory);
            _context.Files.SyncDirectory(Path.GetDirectoryName(Directory)!);
            _isNew = false;
        }

        _context.Files.SyncDirectory(Directory);
    }

    /// <summary>
    /// Ends the log's life after a failed sync: the system may have dropped the pages it could not write, and a later sync would report
    /// success without them. What was durable is found again when the log is opened anew.
    /// </summary>
    private void Fail(StorageException cause)
    {
        LogSyncFailed(_context.Logger, TopicPartition, cause);
        Volatile.Write(
            ref _failure,
            new StorageException(
                $"{TopicPartition} takes no more records: its files could not be synced; restart when the disk is well ({cause.Message})",
                cause));
    }

    /// <summary>What an unclean stop left above the durable offset is in the page cache at best: the first flush covers it.</summary>
    private void RestoreFlushState(long durableOffset)
    {
        for (var i = FloorIndex(_segments, durableOffset); i < _segments.Length; i++)
        {
            _unsynced.Add(_segments[i]);
        }

        _durableOffset = durableOffset;
        _lastFlushTime = _context.Now();
    }

    private void NoteWritten(LogSegment segment)
    {
        if (_unsynced.Count == 0 || _unsynced[^1] != segment)
        {
            _unsynced.Add(segment);
        }
    }

    private void NoteCreated() => _isDirectoryUnsynced = true;
}
