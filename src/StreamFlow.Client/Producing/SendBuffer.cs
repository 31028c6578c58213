using System.Collections.Concurrent;
using StreamFlow.Core.Memory;

namespace StreamFlow.Client.Producing;

/// <summary>
/// Counts the bytes of records that are not acknowledged yet, and lets senders wait while there are too many: for the producer
/// (<c>buffer.memory</c>) or for the process (<c>memory.limit</c>). Thread safe.
/// </summary>
internal sealed class SendBuffer(long limit, MemoryClaim memory)
{
    private readonly ConcurrentQueue<TaskCompletionSource> _waiters = new();
    // Senders that wait are woken for this much room, not for every batch.
    private readonly long _enough = limit - (limit / 16);

    private long _used;

    /// <summary>Whether somebody waits for room: then everything that can be sent should be.</summary>
    public bool HasWaiters => !_waiters.IsEmpty;

    /// <summary>
    /// Takes the bytes if there is room. The first taker always gets them, so that a record larger than the limit can pass alone.
    /// </summary>
    public bool TryReserve(int bytes)
    {
        var used = Interlocked.Add(ref _used, bytes);
        if ((used <= limit || used == bytes) && memory.TryGrow(bytes))
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Release(int bytes)
    {
        memory.Shrink(bytes);
        if (Interlocked.Add(ref _used, -bytes) > _enough)
        {
            return;
        }

        while (_waiters.TryDequeue(out var waiter))
        {
            waiter.TrySetResult();
        }
    }

    /// <summary>Ends when there is some room again, or at once when nothing is in use and so nothing will be released.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Enqueue(waiter);
        if (Interlocked.Read(ref _used) == 0)
        {
            waiter.TrySetResult();
        }

        await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
