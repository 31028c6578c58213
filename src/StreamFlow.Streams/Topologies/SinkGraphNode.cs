using StreamFlow.Streams.Processors;

namespace StreamFlow.Streams.Topologies;

/// <summary>A node that writes a topic.</summary>
internal sealed class SinkGraphNode(string name, string? topic, Func<ProcessorNode> create)
    : GraphNode(name, create)
{
    /// <summary>The topic; null when each record chooses.</summary>
    public string? Topic { get; } = topic;

    /// <summary>Whether the topic is internal: its full name has the application's prefix.</summary>
    public bool IsInternal { get; init; }
}
