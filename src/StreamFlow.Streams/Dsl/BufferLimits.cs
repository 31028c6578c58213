namespace StreamFlow.Streams.Dsl;

/// <summary>How much a suppress may hold back, and what happens when that is not enough.</summary>
public sealed record BufferLimits
{
    private BufferLimits(long maxRecords, long maxBytes, bool failsWhenFull)
    {
        MaxRecords = maxRecords;
        MaxBytes = maxBytes;
        FailsWhenFull = failsWhenFull;
    }

    /// <summary>Holds back as much as memory allows.</summary>
    public static BufferLimits Unbounded { get; } = new(long.MaxValue, long.MaxValue, true);

    /// <summary>Most rows held back.</summary>
    public long MaxRecords { get; private init; }

    /// <summary>Most bytes held back, as Kafka Streams counts them.</summary>
    public long MaxBytes { get; private init; }

    /// <summary>Whether a full buffer stops the task; otherwise it emits its oldest rows early.</summary>
    public bool FailsWhenFull { get; private init; }

    /// <summary>Limits the number of rows; a full buffer emits its oldest rows early.</summary>
    public static BufferLimits OfRecords(long maxRecords) => new(maxRecords, long.MaxValue, false);

    /// <summary>Limits the bytes; a full buffer emits its oldest rows early.</summary>
    public static BufferLimits OfBytes(long maxBytes) => new(long.MaxValue, maxBytes, false);

    /// <summary>These limits and one on the number of rows.</summary>
    public BufferLimits WithMaxRecords(long maxRecords) => this with { MaxRecords = maxRecords };

    /// <summary>These limits and one on the bytes.</summary>
    public BufferLimits WithMaxBytes(long maxBytes) => this with { MaxBytes = maxBytes };

    /// <summary>These limits; a full buffer stops the task.</summary>
    public BufferLimits FailWhenFull() => this with { FailsWhenFull = true };

    /// <summary>These limits; a full buffer emits its oldest rows early.</summary>
    public BufferLimits EmitEarlyWhenFull() => this with { FailsWhenFull = false };
}
