namespace StreamFlow.Client.Consuming;

/// <summary>Leases that were given back, to be used again (<see cref="ConsumerOptions.ReuseBatches"/>). Thread safe.</summary>
internal sealed class LeasePool
{
    private const int MostKept = 1024;

    private readonly Lock _gate = new();
    private readonly Stack<RecordBatchLease> _free = new();

    /// <summary>A lease to be opened.</summary>
    public RecordBatchLease Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var lease))
            {
                return lease;
            }
        }

        return new RecordBatchLease(this);
    }

    /// <summary>Takes a lease that nobody uses any more.</summary>
    public void Return(RecordBatchLease lease)
    {
        lock (_gate)
        {
            if (_free.Count < MostKept)
            {
                _free.Push(lease);
            }
        }
    }
}
