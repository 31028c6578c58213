namespace StreamFlow.Storage.Flushing;

/// <summary>
/// The group commit of one disk: one thread that makes logs durable. Requests that come while a log is being synced form the next group
/// of that log and are all answered by one fdatasync. The thread is the data directory's; <see cref="LogManager"/> creates and disposes it.
/// Without a thread (simulated or in-memory disks) a request syncs at once, so that steps are deterministic.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<PartitionLog> _waiting = new();
    private readonly SemaphoreSlim? _signal;
    private readonly Thread? _thread;
    private volatile bool _isStopping;

    public LogFlusher(bool inBackground)
    {
        if (inBackground)
        {
            _signal = new SemaphoreSlim(0);
            _thread = new Thread(Run) { IsBackground = true, Name = "streamflow-flush" };
            _thread.Start();
        }
    }

    /// <summary>Puts a log in the queue; it may not be in it.</summary>
    public void Enqueue(PartitionLog log)
    {
        if (_signal is null || _isStopping)
        {
            log.RunFlush();
            return;
        }

        lock (_lock)
        {
            _waiting.Enqueue(log);
        }

        _signal.Release();
    }

    public void Dispose()
    {
        if (_thread is not null)
        {
            _isStopping = true;
            _signal!.Release();
            _thread.Join();
            _signal.Dispose();
        }
    }

    private void Run()
    {
        while (true)
        {
            _signal!.Wait();
            PartitionLog? log;
            lock (_lock)
            {
                _waiting.TryDequeue(out log);
            }

            if (log is not null)
            {
                log.RunFlush();
            }
            else if (_isStopping)
            {
                return;
            }
        }
    }
}
