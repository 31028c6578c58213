using System.Text.RegularExpressions;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Processors;

namespace StreamFlow.Streams.Topologies;

/// <summary>A node that reads topics.</summary>
internal sealed class SourceGraphNode(string name, IReadOnlyList<string> topics, Regex? pattern, Func<ProcessorNode> create)
    : GraphNode(name, create)
{
    /// <summary>The topics; empty when they are found by <see cref="Pattern"/>.</summary>
    public IReadOnlyList<string> Topics { get; } = topics;

    /// <summary>Topics are those whose whole name matches; null when they are given.</summary>
    public Regex? Pattern { get; } = pattern;

    /// <summary>Where to begin when the group has no committed offset.</summary>
    public OffsetReset OffsetReset { get; init; }

    /// <summary>Whether the topic is internal: its full name has the application's prefix.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Whether it feeds a global store.</summary>
    public bool IsGlobal { get; init; }

    public bool Reads(string topic) =>
        Pattern is null ? Topics.Contains(topic) : Pattern.Match(topic) is { Success: true } m && m.Length == topic.Length;
}
