namespace StreamFlow.Streams.Topologies;

/// <summary>Rewrites the logical graph before it is expanded.</summary>
internal static class GraphOptimizer
{
    public static void Apply(TopologyGraph graph)
    {
        if (graph.HasOptimization(TopologyOptimizations.MergeRepartitionTopics))
        {
            RepartitionMerger.Apply(graph);
        }

        foreach (var repartition in graph.Nodes.OfType<RepartitionGraphNode>())
        {
            repartition.DropsNullKeys = repartition.DropsNullKeys && !FeedsNullTolerantNode(repartition);
        }
    }

    /// <summary>Whether a node that takes null keys is below, before the next repartition.</summary>
    private static bool FeedsNullTolerantNode(GraphNode node) =>
        node.Children.Exists(child => child.TakesNullKeys || (child is not RepartitionGraphNode && FeedsNullTolerantNode(child)));
}
