using StreamFlow.Streams.Processors;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>One node of the logical graph. The factory makes its operator once per task.</summary>
internal class GraphNode(string name, Func<ProcessorNode> create)
{
    public string Name { get; } = name;

    /// <summary>Place in the order of creation; children are connected in this order.</summary>
    public int Order { get; set; }

    public List<GraphNode> Parents { get; } = [];

    public List<GraphNode> Children { get; } = [];

    /// <summary>The stores the operator uses.</summary>
    public List<StoreBuilder> Stores { get; } = [];

    /// <summary>Stores used by name that other nodes, or the user, define.</summary>
    public List<string> StoreNames { get; } = [];

    /// <summary>Whether the output's key may differ from the input's: what repartitions are merged below.</summary>
    public bool ChangesKey { get; init; }

    /// <summary>Whether the output's value may differ from the input's: blocks the merging of repartitions.</summary>
    public bool ChangesValue { get; init; }

    /// <summary>Whether null keys must reach this node (left and outer joins, KIP-962).</summary>
    public bool TakesNullKeys { get; init; }

    /// <summary>How long after their end the windows of this aggregation take records, in ms; null when it has no windows.</summary>
    public long? GraceMs { get; set; }

    public ProcessorNode CreateProcessor() => create();

    public IEnumerable<string> AllStoreNames() => Stores.Select(s => s.Name).Concat(StoreNames).Distinct();
}
