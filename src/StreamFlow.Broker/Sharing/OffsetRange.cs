namespace StreamFlow.Broker.Sharing;

/// <summary>A stretch of offsets and what holds for each of them.</summary>
/// <param name="First">The first offset.</param>
/// <param name="Last">The last offset, included.</param>
/// <param name="Value">What holds.</param>
internal readonly record struct OffsetRange<T>(long First, long Last, T Value)
    where T : struct, IEquatable<T>
{
    public long Count => Last - First + 1;
}
