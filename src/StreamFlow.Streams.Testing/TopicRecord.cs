using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Testing;

/// <summary>A record in a topic in memory.</summary>
/// <param name="Key">The key's bytes; null when absent.</param>
/// <param name="Value">The value's bytes; null when absent.</param>
/// <param name="Timestamp">Its time in ms since 1970.</param>
/// <param name="Headers">Its headers.</param>
public sealed record TopicRecord(byte[]? Key, byte[]? Value, long Timestamp, Headers Headers);
