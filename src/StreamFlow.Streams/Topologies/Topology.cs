using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>What a <see cref="Dsl.StreamsBuilder"/> builds: the plan of all tasks. Immutable; any number of instances may run it.</summary>
public sealed class Topology
{
    internal Topology(
        TopologyOptions options,
        IReadOnlyList<Subtopology> subtopologies,
        Subtopology? global,
        IReadOnlyList<RepartitionTopic> repartitionTopics,
        IReadOnlyList<IReadOnlyList<string>> copartitionGroups)
    {
        Options = options;
        Subtopologies = subtopologies;
        Global = global;
        RepartitionTopics = repartitionTopics;
        CopartitionGroups = copartitionGroups;
    }

    /// <summary>How it was built.</summary>
    public TopologyOptions Options { get; }

    /// <summary>Its parts, by number.</summary>
    public IReadOnlyList<Subtopology> Subtopologies { get; }

    /// <summary>The global tables and stores; null without any.</summary>
    public Subtopology? Global { get; }

    /// <summary>Internal topics between the parts.</summary>
    public IReadOnlyList<RepartitionTopic> RepartitionTopics { get; }

    /// <summary>Groups of source topics (internal ones without prefix) that must have the same number of partitions.</summary>
    public IReadOnlyList<IReadOnlyList<string>> CopartitionGroups { get; }

    /// <summary>All stores of all parts, global ones last.</summary>
    public IReadOnlyList<StoreDescriptor> Stores =>
        [.. Subtopologies.SelectMany(s => s.StoreDescriptors), .. Global?.StoreDescriptors ?? []];

    /// <summary>Nodes, topics and stores for people and tools.</summary>
    public TopologyDescription Describe() => new(this);
}
