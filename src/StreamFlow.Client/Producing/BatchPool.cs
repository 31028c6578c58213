using StreamFlow.Core.Memory;

namespace StreamFlow.Client.Producing;

/// <summary>
/// Batches that are filled again once they are written. The buffers stay with them: the array pool of the runtime keeps too few of this
/// size. At most as many are kept as <c>buffer.memory</c> has room for. Thread safe.
/// </summary>
internal sealed class BatchPool
{
    private const int FewestKept = 64;

    private readonly int _largestKept;
    private readonly ObjectPool<ProducerBatch> _free;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="options">The producer's.</param>
    /// <param name="capacity">Bytes for a new batch to begin with.</param>
    public BatchPool(ProducerOptions options, int capacity)
    {
        _largestKept = options.BatchSize;
        var mostKept = (int)Math.Clamp(options.BufferMemory / options.BatchSize, FewestKept, 1 << 16);
        _free = new(() => new ProducerBatch(this, capacity), mostKept);
    }

    /// <summary>A batch to be begun.</summary>
    public ProducerBatch Rent() => _free.Rent();

    /// <summary>Takes a batch that nobody reads any more. One that a large record has grown is not kept.</summary>
    public void Return(ProducerBatch batch)
    {
        if (batch.Builder.SizeInBytes > _largestKept || !_free.Return(batch.Cleared()))
        {
            batch.Builder.Dispose();
        }
    }
}
