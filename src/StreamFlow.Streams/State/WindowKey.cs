namespace StreamFlow.Streams.State;

/// <summary>Key of a cached window row.</summary>
internal readonly record struct WindowKey<TKey>(TKey Key, long Start);
