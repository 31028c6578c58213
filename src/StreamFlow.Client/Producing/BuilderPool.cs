using StreamFlow.Core.Records;

namespace StreamFlow.Client.Producing;

/// <summary>
/// Builders between two batches, the one used last on top. Their buffers stay with them: the array pool of the runtime keeps too few of
/// this size. At most as many are kept as <c>buffer.memory</c> has room for. Thread safe.
/// </summary>
internal sealed class BuilderPool(ProducerOptions options)
{
    private const int FewestKept = 64;

    private readonly Lock _gate = new();
    private readonly Stack<RecordBatchBuilder> _free = new();
    private readonly int _mostKept = (int)Math.Clamp(options.BufferMemory / options.BatchSize, FewestKept, 1 << 16);

    /// <summary>An empty builder.</summary>
    /// <param name="capacity">Bytes for a new one to begin with.</param>
    public RecordBatchBuilder Rent(int capacity)
    {
        lock (_gate)
        {
            if (_free.TryPop(out var builder))
            {
                return builder;
            }
        }

        return new RecordBatchBuilder(capacity);
    }

    /// <summary>Takes a builder whose batch nobody reads any more. One that a large record has grown is not kept.</summary>
    public void Return(RecordBatchBuilder builder)
    {
        if (builder.SizeInBytes <= options.BatchSize)
        {
            builder.Reset();
            lock (_gate)
            {
                if (_free.Count < _mostKept)
                {
                    _free.Push(builder);
                    return;
                }
            }
        }

        builder.Dispose();
    }
}
