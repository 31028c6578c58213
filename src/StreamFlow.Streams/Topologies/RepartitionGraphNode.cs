using StreamFlow.Streams.Processors;

namespace StreamFlow.Streams.Topologies;

/// <summary>
/// A pass through an internal topic. One node of the logical graph, so that the optimiser can move and merge it;
/// <see cref="Expand"/> makes filter, sink and source of it.
/// </summary>
internal sealed class RepartitionGraphNode(
    RepartitionNames names, TypePair types, Func<ProcessorNode> createFilter, Func<ProcessorNode> createSink,
    Func<ProcessorNode> createSource)
    : GraphNode(names.Source, createSource)
{
    public RepartitionNames Names { get; } = names;

    /// <summary>What goes through the topic.</summary>
    public TypePair Types { get; } = types;

    /// <summary>The number of partitions the user asked for; null to take that of the co-partitioned topics.</summary>
    public int? Partitions { get; init; }

    /// <summary>Whether records without a key are dropped in front of the topic.</summary>
    public bool DropsNullKeys { get; set; } = true;

    /// <summary>The nodes that run: those in front of the topic, and the source behind it.</summary>
    public (IReadOnlyList<GraphNode> Front, SourceGraphNode Source) Expand()
    {
        var sink = new SinkGraphNode(Names.Sink, Names.Topic, createSink) { IsInternal = true, Order = Order };
        var source = new SourceGraphNode(Names.Source, [Names.Topic], null, CreateProcessor) { IsInternal = true, Order = Order };
        if (!DropsNullKeys)
        {
            return ([sink], source);
        }

        return ([new GraphNode(Names.Filter, createFilter) { Order = Order }, sink], source);
    }
}
