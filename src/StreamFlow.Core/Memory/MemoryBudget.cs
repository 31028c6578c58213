namespace StreamFlow.Core.Memory;

/// <summary>
/// The bytes that caches and buffers of a process may hold together (<c>memory.limit</c>). Each use has a fixed part, a
/// <see cref="MemoryShare"/>: a full cache never stops the fetch whose records would let it be flushed. Objects of the program itself are
/// not counted. Thread safe.
/// </summary>
public sealed class MemoryBudget
{
    /// <summary>The least limit (bytes): 16 MiB.</summary>
    public const long Smallest = 16L << 20;

    // Percent of the limit, by MemoryUse.
    private static readonly int[] Parts = [30, 20, 10, 15, 15, 10];
    private static readonly Lazy<MemoryBudget> LazyProcess = new(() => new MemoryBudget(DefaultLimit));

    private readonly MemoryShare[] _shares;

    /// <summary>Creates a budget.</summary>
    /// <param name="limit">Bytes; at least <see cref="Smallest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is too small.</exception>
    public MemoryBudget(long limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, Smallest);
        Limit = limit;
        _shares = [.. Parts.Select((percent, use) => new MemoryShare((MemoryUse)use, limit / 100 * percent))];
        MemoryMetrics.Watch(this);
    }

    /// <summary>What everything draws on that is not given a budget of its own; its limit is <see cref="DefaultLimit"/>.</summary>
    public static MemoryBudget Process => LazyProcess.Value;

    /// <summary>
    /// A quarter of the memory that the runtime may use: the machine's, the container's, or less when <c>DOTNET_GCHeapHardLimit</c> says
    /// so.
    /// </summary>
    public static long DefaultLimit => Math.Max(Smallest, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Bytes of all shares together.</summary>
    public long Limit { get; }

    /// <summary>The shares of all uses.</summary>
    public IReadOnlyList<MemoryShare> Shares => _shares;

    /// <summary>The part of one use.</summary>
    public MemoryShare this[MemoryUse use] => _shares[(int)use];

    /// <summary>What is wrong with a <c>memory.limit</c>, in words; null when nothing is.</summary>
    /// <param name="limit">Bytes; null for the default.</param>
    public static string? Problem(long? limit) => limit < Smallest
        ? $"memory.limit must be at least {Smallest} bytes, not {limit}; leave it out for a quarter of the memory there is"
        : null;

    /// <summary>A budget of this limit; the process's for null. A limit that has a <see cref="Problem"/> is raised.</summary>
    /// <param name="limit">Bytes, or null.</param>
    public static MemoryBudget Of(long? limit) => limit is { } bytes ? new(Math.Max(bytes, Smallest)) : Process;
}
