using StreamFlow.Streams.Errors;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>
/// Turns the grown graph into sub-topologies: optimises, expands repartitions, unites what is connected by edges or stores.
/// </summary>
internal sealed class TopologyAssembler(TopologyGraph graph)
{
    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<GraphNode, SourceGraphNode> _expanded = [];
    private readonly Dictionary<string, StoreBuilder> _stores = new(StringComparer.Ordinal);

    public Topology Assemble()
    {
        GraphOptimizer.Apply(graph);
        CheckNames();
        Expand();
        CollectStores();
        var parts = Unite();
        var global = _nodes.Where(IsGlobal).ToList();
        return new Topology(
            graph.Options,
            [.. parts.Select((nodes, id) => new Subtopology(id, nodes, StoresOf(nodes, global)))],
            global.Count == 0 ? null : new Subtopology(-1, global, StoresOf(global, [])),
            [.. graph.Nodes.OfType<RepartitionGraphNode>().Select(r => new RepartitionTopic(r.Names.Topic,
                r.Partitions) { Types = r.Types })],
            [.. graph.CopartitionGroups
                .Select(g => (IReadOnlyList<string>)[.. g.SelectMany(TopicsOf).Distinct()])
                .Where(g => g.Count > 1)]);
    }

    private static bool IsGlobal(GraphNode node) =>
        node is SourceGraphNode source ? source.IsGlobal : node.Parents.Count > 0 && node.Parents.TrueForAll(IsGlobal);

    private static IEnumerable<string> TopicsOf(GraphNode node) => node switch
    {
        RepartitionGraphNode repartition => [repartition.Names.Topic],
        SourceGraphNode source => source.Topics,
        _ => [],
    };

    private void CheckNames()
    {
        if (graph.Options.RequireExplicitNames && graph.Names.GeneratedResources.Count > 0)
        {
            throw new TopologyException(
                $"these stores and internal topics have no name of yours: {string.Join(", ", graph.Names.GeneratedResources)}; "
                + "name them with Materialized.As, Grouped.As or Repartitioned.As, or switch RequireExplicitNames off");
        }
    }

    private void Expand()
    {
        foreach (var node in graph.Nodes)
        {
            if (node is not RepartitionGraphNode repartition)
            {
                _nodes.Add(node);
                continue;
            }

            var (front, source) = repartition.Expand();
            _expanded.Add(node, source);
            foreach (var parent in node.Parents)
            {
                parent.Children[parent.Children.IndexOf(node)] = front[0];
                front[0].Parents.Add(parent);
            }

            for (var i = 1; i < front.Count; i++)
            {
                front[i - 1].Children.Add(front[i]);
                front[i].Parents.Add(front[i - 1]);
            }

            foreach (var child in node.Children)
            {
                child.Parents[child.Parents.IndexOf(node)] = source;
                source.Children.Add(child);
            }

            _nodes.AddRange(front);
            _nodes.Add(source);
        }
    }

    private void CollectStores()
    {
        foreach (var store in graph.UserStores.Concat(_nodes.SelectMany(n => n.Stores)))
        {
            if (_stores.TryGetValue(store.Name, out var other) && !ReferenceEquals(other, store))
            {
                throw new TopologyException($"two stores are named '{store.Name}'; give one of them another name");
            }

            _stores[store.Name] = store;
        }

        foreach (var node in _nodes)
        {
            foreach (var name in node.StoreNames.Where(name => !_stores.ContainsKey(name)))
            {
                throw new TopologyException($"node '{node.Name}' uses store '{name}', which nobody added; add it with AddStateStore");
            }
        }
    }

    private List<List<GraphNode>> Unite()
    {
        var global = _nodes.Where(IsGlobal).SelectMany(n => n.AllStoreNames()).ToHashSet(StringComparer.Ordinal);
        var root = new Dictionary<object, object>();
        object Find(object x)
        {
            while (root.TryGetValue(x, out var up) && !ReferenceEquals(up, x))
            {
                x = up;
            }

            return x;
        }

        foreach (var node in _nodes.Where(n => !IsGlobal(n)))
        {
            foreach (var parent in node.Parents)
            {
                root[Find(parent)] = Find(node);
            }

            foreach (var store in node.AllStoreNames().Where(s => !global.Contains(s)))
            {
                root[Find(_stores[store])] = Find(node);
            }
        }

        return [.. _nodes.Where(n => !IsGlobal(n)).GroupBy(Find, ReferenceEqualityComparer.Instance).Select(g => g.ToList())];
    }

    private List<StoreBuilder> StoresOf(List<GraphNode> nodes, List<GraphNode> global)
    {
        var excluded = global.SelectMany(n => n.AllStoreNames()).ToHashSet(StringComparer.Ordinal);
        return [.. nodes.SelectMany(n => n.AllStoreNames()).Distinct().Where(s => !excluded.Contains(s)).Select(s => _stores[s])];
    }
}
