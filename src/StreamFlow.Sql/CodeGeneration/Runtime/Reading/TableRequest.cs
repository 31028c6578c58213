namespace StreamFlow.Sql.CodeGeneration.Runtime.Reading;

/// <summary>Which rows of a table a pull query wants to see. It may be shown more; its WHERE decides.</summary>
/// <param name="Keys">The keys it looks up, as bytes of the state format; null for all rows.</param>
/// <param name="StartFrom">Least window start in ms; ignored by tables without windows.</param>
/// <param name="StartTo">Greatest window start in ms, inclusive.</param>
public sealed record TableRequest(IReadOnlyList<byte[]>? Keys, long StartFrom, long StartTo)
{
    /// <summary>The first key, as bytes of the state format; null from the beginning. For tables that store keys in their order.</summary>
    public byte[]? FromKey { get; init; }

    /// <summary>The last key; null to the end.</summary>
    public byte[]? ToKey { get; init; }
}

/// <summary>Takes the rows of one task's part of a table.</summary>
public interface IStoredRowSink
{
    /// <summary>Takes a row.</summary>
    /// <param name="key">The key, in the state format; valid during the call only.</param>
    /// <param name="value">The value, in the state format; valid during the call only.</param>
    /// <param name="windowStart">The window's start in ms; 0 without windows.</param>
    /// <param name="windowEnd">The window's end in ms; 0 without windows.</param>
    /// <param name="timestamp">The row's time in ms.</param>
    /// <returns>False when it wants no more rows.</returns>
    bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long windowStart, long windowEnd, long timestamp);
}
