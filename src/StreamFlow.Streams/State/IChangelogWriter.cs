using StreamFlow.Core.Records;

namespace StreamFlow.Streams.State;

/// <summary>
/// Takes what a store's flush changes, so that the store can be rebuilt elsewhere. The bytes are those of Kafka Streams'
/// changelog topics: the store's key, the plain value, and the row's time as the record's timestamp.
/// </summary>
public interface IChangelogWriter
{
    /// <summary>Appends one change. The spans are copied before the call returns.</summary>
    /// <param name="key">The key as the store keeps it.</param>
    /// <param name="hasValue">False for a delete.</param>
    /// <param name="value">The value without the timestamp that timestamped stores put in front.</param>
    /// <param name="timestamp">The row's time in ms.</param>
    /// <param name="headers">The record's headers; null for none.</param>
    void Append(ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, long timestamp, Headers? headers = null);
}
