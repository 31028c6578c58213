using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>A topic that a share group has a state for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">The partitions that the group has a state for; in order.</param>
internal sealed record SharedTopic(string Name, ImmutableSortedSet<int> Partitions);
