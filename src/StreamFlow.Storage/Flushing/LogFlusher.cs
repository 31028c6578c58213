using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Storage.Flushing;

/// <summary>
/// The group commit of one disk: one thread that makes logs durable. Requests that come while a log is being synced form the next group
/// of that log and are all answered by one fdatasync. A log may be held until more requests have come (<see cref="FlushPacing"/>), but
/// for no longer than a sync takes. Whoever completes a group may sync by himself (<see cref="TryRunHere"/>), which spares two changes of
/// threads. The thread is the data directory's; <see cref="LogManager"/> creates and disposes it.
/// Without a thread (simulated or in-memory disks) a request syncs at once, so that steps are deterministic.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    private const int TickMs = 1;

    // A monitor rather than a semaphore: SemaphoreSlim spins before it waits, which costs a busy machine more than the wait.
    private readonly object _gate = new();
    private readonly Queue<PartitionLog> _waiting = new();
    private readonly Queue<(PartitionLog Log, long Hold, long Syncs, long Ticks)> _held = new();
    private readonly Thread? _thread;
    private long _syncs;

    // Milliseconds in which the thread had nothing to do while logs were held, and whether one of them is just going by.
    private long _ticks;
    private bool _isTicking;

    // Whether a caller's thread syncs.
    private bool _isBorrowed;
    private bool _isStopping;

    public LogFlusher(bool inBackground)
    {
        if (inBackground)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "streamflow-flush" };
            _thread.Start();
        }
    }

    /// <summary>Puts a log in the queue; it may not be in it.</summary>
    public void Enqueue(PartitionLog log)
    {
        if (!TryEnqueue(log))
        {
            log.RunFlush();
        }
    }

    /// <summary>
    /// Syncs a log on the caller's thread if the disk has nothing else to do. One thread at a time does so: the disk may be slow, and those
    /// who are blocked by it serve nobody.
    /// </summary>
    /// <returns>False when the log has to be queued.</returns>
    public bool TryRunHere(PartitionLog log)
    {
        lock (_gate)
        {
            if (_thread is null || _isStopping || _isBorrowed || _waiting.Count > 0)
            {
                return false;
            }

            _isBorrowed = true;
            _syncs++;
        }

        try
        {
            log.RunFlush();
            return true;
        }
        finally
        {
            EndBorrow();
        }
    }

    /// <summary>
    /// Ends the hold of a log after one to two milliseconds in which the disk was idle, or when two other logs have been synced meanwhile.
    /// </summary>
    /// <param name="log">It may be queued before.</param>
    /// <param name="hold">Which hold of the log.</param>
    public void Hold(PartitionLog log, long hold)
    {
        if (!TryHold(log, hold))
        {
            log.EndHold(hold);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
            while (_isBorrowed)
            {
                Monitor.Wait(_gate);
            }
        }

        _thread?.Join();
    }

    private void EndBorrow()
    {
        lock (_gate)
        {
            _isBorrowed = false;
            if (_isStopping)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool TryEnqueue(PartitionLog log)
    {
        lock (_gate)
        {
            if (_thread is null || _isStopping)
            {
                return false;
            }

            _waiting.Enqueue(log);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private bool TryHold(PartitionLog log, long hold)
    {
        lock (_gate)
        {
            if (_thread is null || _isStopping)
            {
                return false;
            }

            // A tick that has begun is not a whole one. A thread that ticks looks by itself.
            _held.Enqueue((log, hold, _syncs, _isTicking ? _ticks + 1 : _ticks));
            if (!_isTicking)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    private void Run()
    {
        while (Next(out var log, out var hold))
        {
            if (hold != 0)
            {
                log.EndHold(hold);
            }
            else
            {
                log.RunFlush();
            }
        }
    }

    /// <summary>Waits for the next log to sync (hold 0), or whose hold ends.</summary>
    /// <returns>False when there will be none.</returns>
    private bool Next([NotNullWhen(true)] out PartitionLog? log, out long hold)
    {
        lock (_gate)
        {
            while (true)
            {
                if (_held.TryPeek(out var held) && (_ticks > held.Ticks || _isStopping || _syncs > held.Syncs + 1))
                {
                    _held.Dequeue();
                    (log, hold) = (held.Log, held.Hold);
                    return true;
                }

                if (_waiting.TryDequeue(out log))
                {
                    _syncs++;
                    hold = 0;
                    return true;
                }

                if (_isStopping)
                {
                    hold = 0;
                    return false;
                }

                _isTicking = _held.Count > 0;
                if (!Monitor.Wait(_gate, _isTicking ? TickMs : Timeout.Infinite))
                {
                    _ticks++;
                }

                _isTicking = false;
            }
        }
    }
}
