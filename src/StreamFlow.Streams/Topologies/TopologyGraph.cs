using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>The graph that DSL calls grow. <see cref="TopologyAssembler"/> turns it into a <see cref="Topology"/>.</summary>
internal sealed class TopologyGraph(TopologyOptions options)
{
    private readonly Dictionary<string, GraphNode> _byName = new(StringComparer.Ordinal);

    public TopologyOptions Options { get; } = options;

    public NodeNames Names { get; } = new(options.Naming);

    public List<GraphNode> Nodes { get; } = [];

    /// <summary>Stores the user added; connected to nodes by name.</summary>
    public List<StoreBuilder> UserStores { get; } = [];

    /// <summary>Source nodes whose topics must have the same number of partitions.</summary>
    public List<IReadOnlyCollection<GraphNode>> CopartitionGroups { get; } = [];

    public bool HasCompatibility(KafkaCompatibility flag) => (Options.Compatibility & flag) != 0;

    public bool HasOptimization(TopologyOptimizations flag) => (Options.Optimizations & flag) != 0;

    /// <summary>Adds a node below its parents.</summary>
    public TNode Add<TNode>(TNode node, params ReadOnlySpan<GraphNode> parents)
        where TNode : GraphNode
    {
        if (!_byName.TryAdd(node.Name, node))
        {
            throw new TopologyException($"two nodes are named '{node.Name}'; give one of them another name");
        }

        node.Order = Nodes.Count;
        Nodes.Add(node);
        foreach (var parent in parents)
        {
            node.Parents.Add(parent);
            parent.Children.Add(node);
        }

        return node;
    }

    /// <summary>Adds a processor node below its parents.</summary>
    public GraphNode AddProcessor(string name, Func<ProcessorNode> create, params ReadOnlySpan<GraphNode> parents) =>
        Add(new GraphNode(name, create), parents);

    /// <summary>Adds a pass through an internal topic.</summary>
    public RepartitionGraphNode AddRepartition<TKey, TValue>(
        RepartitionNames names,
        Serde<TKey> keySerde,
        Serde<TValue> valueSerde,
        GraphNode parent,
        int? partitions = null,
        Partitioner<TKey, TValue>? partitioner = null) =>
        Add(
            new RepartitionGraphNode(
                names,
                TypePair.Of<TKey, TValue>(),
                static () => new KeyedOnlyNode<TKey, TValue>(),
                () => new SinkNode<TKey, TValue>(names.Topic, true, null, keySerde, valueSerde, partitioner),
                () => new SourceNode<TKey, TValue>(keySerde, valueSerde, TimestampExtractors.FailOnInvalid<TKey, TValue>()))
            {
                Partitions = partitions,
            },
            parent);

    /// <summary>Adds a pass through an internal topic of a foreign-key join, which takes records without a key too.</summary>
    public RepartitionGraphNode AddTopic<TKey, TValue>(
        RepartitionNames names,
        Serde<TKey> keySerde,
        Serde<TValue> valueSerde,
        Partitioner<TKey, TValue>? partitioner,
        params ReadOnlySpan<GraphNode> parents) =>
        Add(
            new RepartitionGraphNode(
                names,
                TypePair.Of<TKey, TValue>(),
                static () => new KeyedOnlyNode<TKey, TValue>(),
                () => new SinkNode<TKey, TValue>(names.Topic, true, null, keySerde, valueSerde, partitioner),
                () => new SourceNode<TKey, TValue>(keySerde, valueSerde, TimestampExtractors.FailOnInvalid<TKey, TValue>()))
            {
                DropsNullKeys = false,
            },
            parents);

    /// <summary>The source nodes and repartitions above a node: where its partitioning comes from.</summary>
    public static IReadOnlyCollection<GraphNode> SourcesOf(GraphNode node)
    {
        var found = new HashSet<GraphNode>();
        var open = new Stack<GraphNode>([node]);
        while (open.TryPop(out var next))
        {
            if (next is SourceGraphNode or RepartitionGraphNode)
            {
                found.Add(next);
                continue;
            }

            next.Parents.ForEach(open.Push);
        }

        return found;
    }

    /// <summary>Says that the inputs of a join or merge of keyed state must have the same number of partitions.</summary>
    public void Copartition(GraphNode left, GraphNode right) => CopartitionGroups.Add([.. SourcesOf(left), .. SourcesOf(right)]);
}
