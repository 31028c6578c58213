using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>A part of a topology that is connected without going through a topic: what one task runs for one partition.</summary>
public sealed class Subtopology
{
    internal Subtopology(int id, IReadOnlyList<GraphNode> nodes, IReadOnlyList<StoreBuilder> stores)
    {
        Id = id;
        Nodes = nodes;
        Stores = stores;
    }

    /// <summary>Its number; -1 for the global stores, which belong to every instance.</summary>
    public int Id { get; }

    /// <summary>Topics read, without the application's prefix; those found by pattern are not here.</summary>
    public IReadOnlyList<SourceTopic> SourceTopics =>
        [.. Nodes.OfType<SourceGraphNode>()
            .SelectMany(s => s.Topics.Select(t => new SourceTopic(t, s.IsInternal, s.OffsetReset)))
            .DistinctBy(t => t.Name)];

    /// <summary>Patterns of topics read.</summary>
    public IReadOnlyList<System.Text.RegularExpressions.Regex> SourcePatterns =>
        [.. Nodes.OfType<SourceGraphNode>().Where(s => s.Pattern is not null).Select(s => s.Pattern!)];

    /// <summary>Internal topics written, without the application's prefix.</summary>
    public IReadOnlyList<string> InternalSinkTopics =>
        [.. Nodes.OfType<SinkGraphNode>().Where(s => s.IsInternal).Select(s => s.Topic!).Distinct()];

    /// <summary>The stores of its tasks.</summary>
    public IReadOnlyList<StoreDescriptor> StoreDescriptors => [.. Stores.Select(s => s.Descriptor)];

    internal IReadOnlyList<GraphNode> Nodes { get; }

    internal IReadOnlyList<StoreBuilder> Stores { get; }
}
