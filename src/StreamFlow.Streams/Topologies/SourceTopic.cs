using StreamFlow.Streams.Dsl;

namespace StreamFlow.Streams.Topologies;

/// <summary>A topic that a sub-topology reads.</summary>
/// <param name="Name">Its name; internal ones get the application's prefix, see <see cref="InternalTopics"/>.</param>
/// <param name="IsInternal">Whether the topology itself writes it.</param>
/// <param name="OffsetReset">Where to begin without a committed offset.</param>
public sealed record SourceTopic(string Name, bool IsInternal, OffsetReset OffsetReset);
