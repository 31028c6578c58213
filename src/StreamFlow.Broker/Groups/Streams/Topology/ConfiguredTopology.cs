using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Streams.Topology;

/// <summary>A topology laid over the topics of the cluster.</summary>
internal sealed record ConfiguredTopology
{
    /// <summary>The topology's epoch.</summary>
    public required int Epoch { get; init; }

    /// <summary>Its parts by name; null when their tasks cannot be told.</summary>
    public ImmutableSortedDictionary<string, ConfiguredSubtopology>? Subtopologies { get; init; }

    /// <summary>The application's topics that are to be created.</summary>
    public IReadOnlyList<InternalTopic> Missing { get; init; } = [];

    /// <summary>Why the application cannot run; null when it can.</summary>
    public TopologyProblem? Problem { get; init; }

    public bool IsReady => Problem is null;

    /// <summary>Whether there is such a task.</summary>
    public bool Has(StreamsTask task) => Subtopologies is { } parts && parts.TryGetValue(task.Subtopology, out var part)
        && task.Partition >= 0 && task.Partition < part.TaskCount;
}
