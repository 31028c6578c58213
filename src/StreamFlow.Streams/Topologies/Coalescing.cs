using StreamFlow.Streams.Processors;

namespace StreamFlow.Streams.Topologies;

/// <summary>Puts a node that holds back updates until the commit behind a kept table.</summary>
internal static class Coalescing
{
    public static void Apply<TKey, TValue>(TopologyGraph graph, TableSpec<TKey, TValue> spec, bool isWanted)
    {
        if (isWanted)
        {
            spec.RequestOldValues(materialize: true);
            spec.Node = graph.AddProcessor(spec.Node.Name + "-coalesced", static () => new CoalesceNode<TKey, TValue>(), spec.Node);
        }
    }
}
