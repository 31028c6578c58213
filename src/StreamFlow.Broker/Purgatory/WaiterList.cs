namespace StreamFlow.Broker.Purgatory;

/// <summary>The fetches that wait for one partition to grow. Thread safe; costs one volatile read while nobody waits.</summary>
internal sealed class WaiterList
{
    private readonly Lock _gate = new();
    private readonly List<FetchWaiter> _waiters = [];
    private volatile int _count;

    public void Add(FetchWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Add(waiter);
            _count = _waiters.Count;
        }
    }

    public void Remove(FetchWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
            _count = _waiters.Count;
        }
    }

    /// <summary>The partition has grown.</summary>
    /// <param name="bytes">By how much.</param>
    /// <param name="stableGrew">Whether read_committed readers see more, too.</param>
    public void OnGrowth(long bytes, bool stableGrew)
    {
        if (_count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var waiter in _waiters)
            {
                if (!waiter.CommittedOnly)
                {
                    waiter.OnGrowth(bytes);
                }
                else if (stableGrew)
                {
                    // How many bytes a marker sets free is not known: look again.
                    waiter.Complete();
                }
            }
        }
    }

    /// <summary>The partition is gone or closed.</summary>
    public void CompleteAll()
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters)
            {
                waiter.Complete();
            }
        }
    }
}
