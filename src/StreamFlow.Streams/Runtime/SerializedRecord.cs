using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Runtime;

/// <summary>A record as bytes, borrowed for the length of a call.</summary>
public readonly ref struct SerializedRecord
{
    /// <summary>Whether there is a key.</summary>
    public required bool HasKey { get; init; }

    /// <summary>The key's bytes.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>
    /// How many of the key's first bytes decide the partition: all of them, but for windowed keys only those of the inner key.
    /// </summary>
    public required int PartitionKeyLength { get; init; }

    /// <summary>Whether there is a value; false for a tombstone.</summary>
    public required bool HasValue { get; init; }

    /// <summary>The value's bytes.</summary>
    public required ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The time in ms since 1970.</summary>
    public required long Timestamp { get; init; }

    /// <summary>The headers.</summary>
    public required Headers Headers { get; init; }
}
