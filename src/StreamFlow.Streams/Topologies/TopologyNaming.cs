namespace StreamFlow.Streams.Topologies;

/// <summary>How nodes, stores and internal topics are named where the user names nothing.</summary>
public enum TopologyNaming
{
    /// <summary>By content: the operator's word behind its parent's name. Adding an operator renames nothing else.</summary>
    Stable,

    /// <summary>Kafka Streams' prefixes and one counter over the whole topology: to open an existing application's topics.</summary>
    Kafka,
}
