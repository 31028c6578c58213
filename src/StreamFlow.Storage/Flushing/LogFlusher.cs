using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Storage.Flushing;

/// <summary>
/// The group commit of one disk: one thread that makes logs durable. Requests that come while a log is being synced form the next group
/// of that log and are all answered by one fdatasync. A log may be held until more requests have come (<see cref="FlushPacing"/>), but
/// for no longer than a sync takes. The thread is the data directory's; <see cref="LogManager"/> creates and disposes it.
/// Without a thread (simulated or in-memory disks) a request syncs at once, so that steps are deterministic.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    private const int LongestHoldMs = 1;

    // A monitor rather than a semaphore: SemaphoreSlim spins before it waits, which costs a busy machine more than the wait.
    private readonly object _gate = new();
    private readonly Queue<PartitionLog> _waiting = new();
    private readonly Queue<(PartitionLog Log, long Hold, long Syncs)> _held = new();
    private readonly Thread? _thread;
    private long _syncs;
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
    /// Ends the hold of a log after a millisecond in which the disk was idle, or when two other logs have been synced meanwhile.
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
            Monitor.Pulse(_gate);
        }

        _thread?.Join();
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

            _held.Enqueue((log, hold, _syncs));
            Monitor.Pulse(_gate);
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
            var wasIdle = false;
            while (true)
            {
                if (_held.TryPeek(out var held) && (wasIdle || _isStopping || _syncs > held.Syncs + 1))
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

                wasIdle = !Monitor.Wait(_gate, _held.Count > 0 ? LongestHoldMs : Timeout.Infinite);
            }
        }
    }
}
