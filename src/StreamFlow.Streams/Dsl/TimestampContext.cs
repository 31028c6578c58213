using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Dsl;

/// <summary>What a timestamp extractor can know beside the record.</summary>
public readonly struct TimestampContext
{
    private readonly TaskContext _context;

    internal TimestampContext(TaskContext context, long partitionTime)
    {
        _context = context;
        PartitionTime = partitionTime;
    }

    /// <summary>The record's topic.</summary>
    public string Topic => _context.Topic ?? string.Empty;

    /// <summary>The record's partition.</summary>
    public int Partition => _context.Partition;

    /// <summary>The record's offset.</summary>
    public long Offset => _context.Offset;

    /// <summary>The greatest time of the partition so far in ms; -1 when none is known.</summary>
    public long PartitionTime { get; }

    /// <summary>The wall clock in ms since 1970. Reading it costs tens of nanoseconds.</summary>
    public long WallClock => _context.WallClock;
}
