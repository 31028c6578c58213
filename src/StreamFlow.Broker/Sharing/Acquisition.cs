namespace StreamFlow.Broker.Sharing;

/// <summary>What a member gets in one step, and how much of its wish is left.</summary>
internal sealed class Acquisition(AcquireOrder order)
{
    private long _left = order.MaxRecords;

    public List<AcquiredRange> Ranges { get; } = [];

    public bool IsFull => _left <= 0;

    /// <summary>How many of a batch's records to take.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="room">How many may be.</param>
    public long Take(long count, long room) => order.IsExact ? Math.Min(count, Math.Min(_left, room)) : count;

    public void Add(AcquiredRange range)
    {
        _left -= range.Count;
        var isGrown = Ranges is [.., var last] && last.Last + 1 == range.First && last.DeliveryCount == range.DeliveryCount
            && (order.IsExact || order.BatchSize <= 0 || last.Count < order.BatchSize);
        if (isGrown)
        {
            Ranges[^1] = Ranges[^1] with { Last = range.Last };
        }
        else
        {
            Ranges.Add(range);
        }
    }

    /// <summary>Nothing more.</summary>
    public void Close() => _left = 0;
}
