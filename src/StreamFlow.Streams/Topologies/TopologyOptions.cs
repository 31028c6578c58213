namespace StreamFlow.Streams.Topologies;

/// <summary>How a topology is built. Changing any of these under a running application is an incompatible change.</summary>
public sealed record TopologyOptions
{
    /// <summary>Stable names, no rewriting, StreamFlow's own semantics.</summary>
    public static TopologyOptions Default { get; } = new();

    /// <summary>How what the user does not name is named. Default: <see cref="TopologyNaming.Stable"/>.</summary>
    public TopologyNaming Naming { get; init; }

    /// <summary>Rewrites to apply. Default: none.</summary>
    public TopologyOptimizations Optimizations { get; init; }

    /// <summary>Behaviours of Kafka Streams to reproduce. Default: none.</summary>
    public KafkaCompatibility Compatibility { get; init; }

    /// <summary>Refuses internal topics and stores that the user did not name.</summary>
    public bool RequireExplicitNames { get; init; }
}
