namespace StreamFlow.Storage.Flushing;

/// <summary>
/// The group commit of one disk: one thread that makes logs durable. Requests that come while a log is being synced form the next group
/// of that log and are all answered by one fdatasync. The thread is the data directory's; <see cref="LogManager"/> creates and disposes it.
/// Without a thread (simulated or in-memory disks) a request syncs at once, so that steps are deterministic.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    // A monitor rather than a semaphore: SemaphoreSlim spins before it waits, which costs a busy machine more than the wait.
    private readonly object _gate = new();
    private readonly Queue<PartitionLog> _waiting = new();
    private readonly Thread? _thread;
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

    private void Run()
    {
        while (Next() is { } log)
        {
            log.RunFlush();
        }
    }

    /// <summary>Waits for the next log; null when there will be none.</summary>
    private PartitionLog? Next()
    {
        lock (_gate)
        {
            PartitionLog? log;
            while (!_waiting.TryDequeue(out log) && !_isStopping)
            {
                Monitor.Wait(_gate);
            }

            return log;
        }
    }
}
