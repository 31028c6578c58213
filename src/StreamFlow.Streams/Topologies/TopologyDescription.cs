using System.Text;

namespace StreamFlow.Streams.Topologies;

/// <summary>A topology as text. <see cref="ToString"/> renders it the way Kafka Streams does.</summary>
public sealed class TopologyDescription
{
    private readonly Topology _topology;

    internal TopologyDescription(Topology topology) => _topology = topology;

    /// <summary>Sub-topologies with their nodes, the stores they use, and the nodes before and behind them.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("Topologies:\n");
        foreach (var part in _topology.Subtopologies)
        {
            text.Append("   Sub-topology: ").Append(part.Id).Append('\n');
            AppendNodes(text, part);
        }

        if (_topology.Global is { } global)
        {
            text.Append("   Global stores:\n");
            AppendNodes(text, global);
        }

        return text.ToString();
    }

    /// <summary>
    /// The graph as JSON: sub-topologies with their nodes and stores, internal topics, groups of co-partitioned topics. Kept beside a
    /// release it tells <see cref="TopologyDiff"/> later what an upgrade keeps.
    /// </summary>
    public string ToJson() => TopologyJson.Write(_topology);

    /// <summary>The graph in mermaid's notation, for documents that render it.</summary>
    public string ToMermaid()
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (var part in Parts())
        {
            text.Append("  subgraph ").Append(part.Id < 0 ? "global" : $"sub{part.Id}").Append('\n');
            foreach (var node in part.Nodes)
            {
                text.Append("    ").Append(node.Name).Append('[').Append(Label(node)).Append("]\n");
            }

            text.Append("  end\n");
            foreach (var node in part.Nodes)
            {
                foreach (var child in node.Children)
                {
                    text.Append("  ").Append(node.Name).Append(" --> ").Append(child.Name).Append('\n');
                }
            }
        }

        return text.ToString();
    }

    private static void AppendNodes(StringBuilder text, Subtopology part)
    {
        foreach (var node in part.Nodes)
        {
            text.Append("    ").Append(Label(node)).Append('\n');
            if (node is not SinkGraphNode)
            {
                text.Append("      --> ").Append(List(node.Children)).Append('\n');
            }

            if (node is not SourceGraphNode)
            {
                text.Append("      <-- ").Append(List(node.Parents)).Append('\n');
            }
        }

        text.Append('\n');
    }

    private static string Label(GraphNode node) => node switch
    {
        SourceGraphNode { Pattern: { } pattern } => $"Source: {node.Name} (topics: {pattern})",
        SourceGraphNode source => $"Source: {node.Name} (topics: [{string.Join(", ", source.Topics)}])",
        SinkGraphNode { Topic: { } topic } => $"Sink: {node.Name} (topic: {topic})",
        SinkGraphNode => $"Sink: {node.Name} (topic chosen per record)",
        _ => $"Processor: {node.Name} (stores: [{string.Join(", ", node.AllStoreNames().Order(StringComparer.Ordinal))}])",
    };

    private static string List(List<GraphNode> nodes) =>
        nodes.Count == 0 ? "none" : string.Join(", ", nodes.Select(n => n.Name).Order(StringComparer.Ordinal));

    private IEnumerable<Subtopology> Parts() =>
        _topology.Global is { } global ? _topology.Subtopologies.Append(global) : _topology.Subtopologies;
}
