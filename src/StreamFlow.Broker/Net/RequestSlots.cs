namespace StreamFlow.Broker.Net;

/// <summary>Slots that are free, of all connections: one that is idle holds none. Thread safe.</summary>
internal sealed class RequestSlots
{
    private const int MostKept = 1024;

    private readonly Lock _gate = new();
    private readonly Stack<RequestSlot> _free = new();

    public RequestSlot Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var slot))
            {
                return slot;
            }
        }

        return new RequestSlot();
    }

    /// <summary>Takes a slot that has ended.</summary>
    public void Return(RequestSlot slot)
    {
        lock (_gate)
        {
            if (_free.Count < MostKept)
            {
                _free.Push(slot);
            }
        }
    }
}
