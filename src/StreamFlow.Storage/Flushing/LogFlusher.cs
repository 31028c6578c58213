using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Storage.Flushing;

/// <summary>
/// The group commit of one disk: one thread that makes logs durable. Requests that come while a log is being synced form the next group
/// of that log and are all answered by one fdatasync; a log may wait a moment for its group (<see cref="FlushGroup"/>). The thread is the
/// data directory's; <see cref="LogManager"/> creates and disposes it. Without a thread (simulated or in-memory disks) a request syncs at
/// once, so that steps are deterministic.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    // The shortest that a thread can wait without spinning. A sync takes between a quarter of it and ten times as long.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    // The thread waits in real time, whatever clock the log lives by.
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Queue<PartitionLog> _ready = new();
    private readonly List<(PartitionLog Log, long Since)> _waiting = [];
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
    /// <param name="log">The log to be synced.</param>
    /// <param name="mayWait">Whether more requests are likely to come, until <see cref="Hurry"/> says that they are there.</param>
    public void Enqueue(PartitionLog log, bool mayWait)
    {
        if (_signal is null || _isStopping)
        {
            log.RunFlush();
            return;
        }

        lock (_lock)
        {
            if (mayWait)
            {
                _waiting.Add((log, _time.GetTimestamp()));
            }
            else
            {
                _ready.Enqueue(log);
            }
        }

        _signal.Release();
    }

    /// <summary>Syncs a log that waits as soon as may be. Nothing happens when it does not wait any more.</summary>
    public void Hurry(PartitionLog log)
    {
        if (_signal is null)
        {
            return;
        }

        lock (_lock)
        {
            var index = 0;
            while (index < _waiting.Count && _waiting[index].Log != log)
            {
                index++;
            }

            if (index == _waiting.Count)
            {
                return;
            }

            _waiting.RemoveAt(index);
            _ready.Enqueue(log);
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
            bool isAnyWaiting;
            while (TryTake(out var log, out isAnyWaiting))
            {
                log.RunFlush();
            }

            if (_isStopping)
            {
                return;
            }

            _signal!.Wait(isAnyWaiting ? Patience : Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The next log to sync; those that have waited long enough are among them, and all when the thread stops.</summary>
    private bool TryTake([NotNullWhen(true)] out PartitionLog? log, out bool isAnyWaiting)
    {
        lock (_lock)
        {
            while (_waiting.Count > 0 && (_isStopping || _time.GetElapsedTime(_waiting[0].Since) >= Patience))
            {
                _ready.Enqueue(_waiting[0].Log);
                _waiting.RemoveAt(0);
            }

            isAnyWaiting = _waiting.Count > 0;
            return _ready.TryDequeue(out log);
        }
    }
}
