using System.Collections.Frozen;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;
using Subtopology = StreamFlow.Protocol.Messages.StreamsGroupTopologyValue.Subtopology;

namespace StreamFlow.Broker.Groups.Streams.Topology;

/// <summary>The topology of a stream processing application as its first member told it. Immutable.</summary>
internal sealed class StreamsTopology
{
    private readonly FrozenDictionary<string, string> _readers;

    /// <param name="value">The record; belongs to the topology from here on.</param>
    public StreamsTopology(StreamsGroupTopologyValue value)
    {
        value.Subtopologies.Sort((left, right) => string.CompareOrdinal(left.SubtopologyId, right.SubtopologyId));
        Value = value;
        var readers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var subtopology in value.Subtopologies)
        {
            foreach (var topic in SourcesOf(subtopology))
            {
                readers[topic] = subtopology.SubtopologyId;
            }
        }

        _readers = readers.ToFrozenDictionary(StringComparer.Ordinal);
        RequiredTopics = readers.Keys.Concat(value.Subtopologies.SelectMany(s => s.StateChangelogTopics).Select(t => t.Name))
            .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The record that keeps the topology; its parts are in order. Nobody may change it.</summary>
    public StreamsGroupTopologyValue Value { get; }

    public int Epoch => Value.Epoch;

    public IReadOnlyList<Subtopology> Subtopologies => Value.Subtopologies;

    /// <summary>The topics that are read, those included that only carry records from one part to another.</summary>
    public IReadOnlyCollection<string> SourceTopics => _readers.Keys;

    /// <summary>The topics without which the application cannot run.</summary>
    public IReadOnlySet<string> RequiredTopics { get; }

    /// <summary>The part of the topology that reads a topic; null when none does.</summary>
    public string? ReaderOf(string topic) => _readers.GetValueOrDefault(topic);

    /// <summary>The topics that a part of the topology reads.</summary>
    public static IEnumerable<string> SourcesOf(Subtopology subtopology) =>
        subtopology.SourceTopics.Concat(subtopology.RepartitionSourceTopics.Select(t => t.Name));

    /// <summary>The topology that a member tells of when it joins.</summary>
    public static StreamsTopology Of(StreamsGroupHeartbeatRequest.TopologyData told) => new(new StreamsGroupTopologyValue
    {
        Epoch = told.Epoch,
        Subtopologies = told.Subtopologies.ConvertAll(s => new Subtopology
        {
            SubtopologyId = s.SubtopologyId,
            SourceTopics = s.SourceTopics,
            SourceTopicRegex = s.SourceTopicRegex,
            StateChangelogTopics = s.StateChangelogTopics.ConvertAll(Of),
            RepartitionSinkTopics = s.RepartitionSinkTopics,
            RepartitionSourceTopics = s.RepartitionSourceTopics.ConvertAll(Of),
            CopartitionGroups = s.CopartitionGroups.ConvertAll(g => new StreamsGroupTopologyValue.CopartitionGroup
            {
                SourceTopics = g.SourceTopics,
                SourceTopicRegex = g.SourceTopicRegex,
                RepartitionSourceTopics = g.RepartitionSourceTopics,
            }),
        }),
    });

    /// <summary>Whether the other topology says the same.</summary>
    public bool SameAs(StreamsTopology other) =>
        VersionedBytes.Write(Value, 0).AsSpan().SequenceEqual(VersionedBytes.Write(other.Value, 0));

    private static StreamsGroupTopologyValue.TopicInfo Of(StreamsGroupHeartbeatRequest.TopicInfo topic) => new()
    {
        Name = topic.Name,
        Partitions = topic.Partitions,
        ReplicationFactor = topic.ReplicationFactor,
        TopicConfigs = topic.TopicConfigs.ConvertAll(c => new StreamsGroupTopologyValue.TopicConfig { Key = c.Key, Value = c.Value }),
    };
}
