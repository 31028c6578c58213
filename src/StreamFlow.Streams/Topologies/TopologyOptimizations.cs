namespace StreamFlow.Streams.Topologies;

/// <summary>Rewrites of a topology that keep its results but change its internal topics and names.</summary>
[Flags]
public enum TopologyOptimizations
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A table's source topic is its changelog.</summary>
    ReuseSourceTopics = 1,

    /// <summary>Repartitions below one key change become one.</summary>
    MergeRepartitionTopics = 2,

    /// <summary>A stream joined with itself keeps one window store.</summary>
    SingleStoreSelfJoin = 4,

    /// <summary>All of them.</summary>
    All = ReuseSourceTopics | MergeRepartitionTopics | SingleStoreSelfJoin,
}
