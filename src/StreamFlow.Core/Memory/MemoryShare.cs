namespace StreamFlow.Core.Memory;

/// <summary>
/// The part of a <see cref="MemoryBudget"/> that is for one use. Three quarters go to whoever comes first; the last quarter is split evenly
/// among all claims, so that none of them has to wait for the others to make any progress. Thread safe.
/// </summary>
public sealed class MemoryShare
{
    private long _used;
    private int _claims;
    private int _refusals;
    private Func<long>? _measure;

    internal MemoryShare(MemoryUse use, long capacity) => (Use, Capacity) = (use, capacity);

    /// <summary>What for.</summary>
    public MemoryUse Use { get; }

    /// <summary>Bytes.</summary>
    public long Capacity { get; }

    /// <summary>Bytes in use, as counted by the claims or, where there is one, by the measure.</summary>
    public long Used => Volatile.Read(ref _measure)?.Invoke() ?? Volatile.Read(ref _used);

    /// <summary>Bytes that are free for whoever comes first.</summary>
    public long Room => Math.Max(0, Common - Counted);

    /// <summary>Bytes that whoever comes first may take, taken ones among them.</summary>
    internal long Common => Capacity / 4 * 3;

    /// <summary>Bytes that every claim may hold at any time.</summary>
    internal long FairPart => Capacity / 4 / Math.Max(1, Volatile.Read(ref _claims));

    internal long Counted => Volatile.Read(ref _used);

    /// <summary>How often a claim was refused more.</summary>
    internal int Refusals => Volatile.Read(ref _refusals);

    /// <summary>A new user of the share, which holds nothing yet.</summary>
    public MemoryClaim Claim()
    {
        Interlocked.Increment(ref _claims);
        return new MemoryClaim(this);
    }

    /// <summary>For a use that bounds itself, such as a native cache: who knows how much it holds.</summary>
    /// <param name="measure">Tells bytes; called when metrics are collected.</param>
    public void MeasureBy(Func<long> measure) => Volatile.Write(ref _measure, measure);

    internal long Add(long bytes) => Interlocked.Add(ref _used, bytes);

    internal void Leave() => Interlocked.Decrement(ref _claims);

    internal void Refuse() => Interlocked.Increment(ref _refusals);
}
