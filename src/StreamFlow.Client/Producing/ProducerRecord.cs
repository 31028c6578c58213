using StreamFlow.Core.Records;

namespace StreamFlow.Client.Producing;

/// <summary>A record to send.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Key">The key's bytes, null for none.</param>
/// <param name="Value">The value's bytes, null for a tombstone.</param>
public readonly record struct ProducerRecord(string Topic, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value)
{
    /// <summary>The partition; null lets the partitioner choose: by the key's murmur2 hash, sticky per batch without a key.</summary>
    public int? Partition { get; init; }

    /// <summary>The timestamp in ms since 1970; null takes the clock.</summary>
    public long? Timestamp { get; init; }

    /// <summary>The headers; null is the same as none.</summary>
    public Headers? Headers { get; init; }
}
