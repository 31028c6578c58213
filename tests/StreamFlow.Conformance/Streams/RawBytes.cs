namespace StreamFlow.Conformance.Streams;

/// <summary>The format's <c>bytes</c>, as lower-case hex, so that they compare by content.</summary>
internal sealed record RawBytes(string Hex);
