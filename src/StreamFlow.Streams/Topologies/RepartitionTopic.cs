namespace StreamFlow.Streams.Topologies;

/// <summary>An internal topic that the runtime must create before the topology starts.</summary>
/// <param name="Name">Without the application's prefix.</param>
/// <param name="Partitions">The number of partitions the user asked for; null to derive it.</param>
public sealed record RepartitionTopic(string Name, int? Partitions)
{
    /// <summary>What goes through it; null when that is not known.</summary>
    internal TypePair? Types { get; init; }
}
