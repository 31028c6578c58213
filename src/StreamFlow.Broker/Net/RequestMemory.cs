using StreamFlow.Core.Memory;

namespace StreamFlow.Broker.Net;

/// <summary>
/// Bounds what received requests take until they are answered (<c>queued.max.request.bytes</c>). Connections take room as bytes come, and
/// wait in line when there is none; what they have received stays in their sockets meanwhile. One frame may pass the bound, so that none is
/// too large for it; and when all room is with frames that wait for more, the first of them goes on, so that some frame always ends.
/// Thread safe.
/// </summary>
internal sealed class RequestMemory(MemoryShare share, long bound) : IDisposable
{
    private const int MostFramesKept = 1024;
    private const int MostSlotsKept = 1024;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly Stack<PooledFrame> _frames = new();
    private readonly MemoryClaim _claim = share.Claim();
    private readonly long _most = bound >= 0 ? bound : share.Capacity;
    private long _used;
    private long _heldByWaiters;

    /// <summary>Slots of requests in progress, of all connections: one that is idle holds none.</summary>
    public ObjectPool<RequestSlot> Slots { get; } = new(static () => new RequestSlot(), MostSlotsKept);

    /// <summary>Bytes taken.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Connections that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiters.Count;
            }
        }
    }

    /// <summary>Takes room if there is some and nobody waits for it.</summary>
    public bool TryTake(int bytes)
    {
        lock (_gate)
        {
            if (_used >= _most || _waiters.Count > 0)
            {
                return false;
            }

            Take(bytes);
            return true;
        }
    }

    /// <summary>Takes room, waiting for it.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="held">What the frame has already.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task TakeAsync(int bytes, int held, CancellationToken cancellation)
    {
        var waiter = new Waiter(bytes, held);
        lock (_gate)
        {
            _waiters.AddLast(waiter);
            _heldByWaiters += held;
            LetIn();
        }

        try
        {
            await waiter.Admitted.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (_waiters.Remove(waiter))
                {
                    _heldByWaiters -= held;
                }
                else
                {
                    _used -= bytes;
                    _claim.Shrink(bytes);
                }

                LetIn();
            }

            throw;
        }
    }

    /// <summary>A frame without bytes.</summary>
    public PooledFrame NewFrame()
    {
        lock (_gate)
        {
            return _frames.TryPop(out var frame) ? frame : new PooledFrame(this);
        }
    }

    /// <summary>Gives room back, and the frame that had it when nobody uses that any more.</summary>
    public void Release(int bytes, PooledFrame? free = null)
    {
        lock (_gate)
        {
            if (free is not null && _frames.Count < MostFramesKept)
            {
                _frames.Push(free);
            }

            _used -= bytes;
            _claim.Shrink(bytes);
            LetIn();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _claim.Dispose();

    private void LetIn()
    {
        while (_waiters.First is { Value: var first } && (_used < _most || _used == _heldByWaiters))
        {
            _waiters.RemoveFirst();
            _heldByWaiters -= first.Held;
            Take(first.Bytes);
            first.Admitted.TrySetResult();
        }
    }

    private void Take(int bytes)
    {
        _used += bytes;
        _claim.Grow(bytes);
    }

    private sealed record Waiter(int Bytes, int Held)
    {
        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
