namespace StreamFlow.Streams.State;

/// <summary>What a store keeps and how its rows are laid out.</summary>
public enum StoreKind
{
    /// <summary>Key to value.</summary>
    KeyValue,

    /// <summary>Key to (timestamp, value): what tables keep. Row = int64 timestamp big-endian, value.</summary>
    TimestampedKeyValue,

    /// <summary>(Key, window start) to value. Key = key, int64 start, int32 sequence.</summary>
    Window,

    /// <summary>(Key, window start) to (timestamp, value). Key as <see cref="Window"/>, row as <see cref="TimestampedKeyValue"/>.</summary>
    TimestampedWindow,

    /// <summary>(Key, session) to aggregate. Key = key, int64 end, int64 start.</summary>
    Session,

    /// <summary>
    /// Key to its versions over time. Store key = key, int64 valid-from; row = byte 1 and value, or byte 0 for a deletion. The changelog
    /// has key, value (null for a deletion) and valid-from as timestamp.
    /// </summary>
    VersionedKeyValue,

    /// <summary>Rows held back in time order until they are emitted: suppress and the buffers of joins.</summary>
    Buffer,
}
