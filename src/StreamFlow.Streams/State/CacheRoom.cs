using StreamFlow.Core.Memory;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>
/// How many rows a store's cache may hold: what the memory budget of the process gives, up to a number. Asked when the cache outgrows what
/// it has, so a row costs no more than a comparison. What a row takes is learnt from those that are written down. Used by the store alone.
/// </summary>
internal sealed class CacheRoom(TaskOptions options) : IDisposable
{
    // Rows to take at a time, as long as there are few.
    private const int Step = 256;

    // Bytes of a row beside the bytes of its key and value: table entry, objects, place in the list of changes.
    private const int Overhead = 120;

    private readonly MemoryClaim _claim = options.Memory[MemoryUse.StoreCache].Claim();
    private int _rowBytes = 256;

    /// <summary>Rows that there is room for.</summary>
    public int Rows { get; private set; }

    /// <summary>Takes room for more rows.</summary>
    /// <returns>False when there is none: write down what changed, forget all rows, and call <see cref="Empty"/>.</returns>
    public bool TryGrow()
    {
        var rows = Math.Min(options.CachedRowsPerStore, Rows + Math.Max(Step, Rows / 4));
        var missing = ((long)rows * _rowBytes) - _claim.Held;
        if (rows <= Rows || (missing > 0 && !_claim.TryGrow(missing)))
        {
            return false;
        }

        Rows = rows;
        return true;
    }

    /// <summary>A row was written down with so many bytes of key and value.</summary>
    public void Measure(int bytes) => _rowBytes = (int)Math.Min(int.MaxValue, ((_rowBytes * 15L) + (2L * bytes) + Overhead) / 16);

    /// <summary>
    /// Whether other stores need what this cache holds beyond its part: then forget all rows and call <see cref="Empty"/>.
    /// </summary>
    public bool ShouldYield() => _claim.ShouldYield();

    /// <summary>The cache is empty.</summary>
    public void Empty()
    {
        Rows = 0;
        _claim.Shrink(_claim.Held);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Empty();
        _claim.Dispose();
    }
}
