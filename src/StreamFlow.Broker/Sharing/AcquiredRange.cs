namespace StreamFlow.Broker.Sharing;

/// <summary>Records that a member got, and for the how manieth time.</summary>
internal readonly record struct AcquiredRange(long First, long Last, short DeliveryCount)
{
    public long Count => Last - First + 1;
}
