using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using Subtopology = StreamFlow.Protocol.Messages.StreamsGroupTopologyValue.Subtopology;

namespace StreamFlow.Broker.Groups.Streams.Topology;

/// <summary>
/// Works out how many partitions an application's own topics have to have: a topic between two parts as many as the largest that its
/// writers read, those that are joined all the same, and the changelog of a state one for each task.
/// </summary>
internal sealed class PartitionCounts(StreamsTopology topology, IReadOnlyDictionary<string, TopicImage> topics)
{
    private readonly Dictionary<string, int> _decided = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Decided => _decided;

    /// <summary>The number of a topic that exists or was worked out; null when nobody knows.</summary>
    public int? Of(string topic) =>
        topics.TryGetValue(topic, out var image) ? image.PartitionCount : _decided.TryGetValue(topic, out var count) ? count : null;

    /// <summary>The number of tasks of a part.</summary>
    /// <exception cref="BrokerException">It reads nothing.</exception>
    public int TasksOf(Subtopology subtopology) => StreamsTopology.SourcesOf(subtopology).Max(Of)
        ?? throw new BrokerException(
            ErrorCode.StreamsInvalidTopology, $"No source topics found for subtopology {subtopology.SubtopologyId}");

    /// <summary>Works out everything.</summary>
    /// <returns>What is wrong with topics that exist; null when nothing is.</returns>
    /// <exception cref="BrokerException">The topology makes no sense.</exception>
    public TopologyProblem? Decide()
    {
        DecideRepartitionTopics();
        foreach (var subtopology in topology.Subtopologies)
        {
            foreach (var group in subtopology.CopartitionGroups)
            {
                var repartition = group.RepartitionSourceTopics.ConvertAll(i => subtopology.RepartitionSourceTopics[i].Name);
                string[] sources = [.. group.SourceTopics.Select(i => subtopology.SourceTopics[i])];
                if (Align(subtopology, sources, repartition) is { } problem)
                {
                    return problem;
                }
            }
        }

        foreach (var subtopology in topology.Subtopologies)
        {
            var tasks = TasksOf(subtopology);
            foreach (var changelog in subtopology.StateChangelogTopics)
            {
                _decided[changelog.Name] = tasks;
            }
        }

        return null;
    }

    private static bool IsFixed(Subtopology subtopology, string topic) =>
        subtopology.RepartitionSourceTopics.Exists(t => t.Name == topic && t.Partitions != 0);

    private void DecideRepartitionTopics()
    {
        foreach (var told in topology.Subtopologies.SelectMany(s => s.RepartitionSourceTopics).Where(t => t.Partitions != 0))
        {
            _decided[told.Name] = told.Partitions;
        }

        // A part may read what another one writes, so that the numbers go on from part to part.
        bool isOpen, hasMoved;
        do
        {
            (isOpen, hasMoved) = (false, false);
            foreach (var subtopology in topology.Subtopologies)
            {
                foreach (var sink in subtopology.RepartitionSinkTopics.Where(t => !_decided.ContainsKey(t)))
                {
                    if (StreamsTopology.SourcesOf(subtopology).Max(DecidedOrSource) is { } count)
                    {
                        _decided[sink] = count;
                        hasMoved = true;
                    }
                    else
                    {
                        isOpen = true;
                    }
                }
            }
        }
        while (isOpen && hasMoved);

        if (isOpen || topology.Subtopologies.SelectMany(s => s.RepartitionSourceTopics).Any(t => !_decided.ContainsKey(t.Name)))
        {
            throw new BrokerException(
                ErrorCode.StreamsInvalidTopology,
                "The number of partitions of a repartition topic cannot be told: nothing writes it, or it depends on itself.");
        }
    }

    /// <summary>The number of a source; one between two parts is not taken from a topic left over from an older topology.</summary>
    private int? DecidedOrSource(string topic) => _decided.TryGetValue(topic, out var count) ? count : Of(topic);

    /// <summary>Gives topics that are read together the same number.</summary>
    private TopologyProblem? Align(Subtopology subtopology, string[] sources, List<string> repartition)
    {
        string[] binding = sources.Length > 0 ? sources : [.. repartition.Where(t => IsFixed(subtopology, t))];
        if (binding.Select(CountOf).Distinct().Count() > 1)
        {
            return new TopologyProblem(
                StreamsStatus.IncorrectlyPartitionedTopics,
                $"Topics that are read together have different numbers of partitions: {Text(binding)}");
        }

        if (repartition.Count == 0)
        {
            return null;
        }

        var count = binding.Length > 0 ? CountOf(binding[0]) : repartition.Max(CountOf);
        foreach (var topic in repartition)
        {
            if (IsFixed(subtopology, topic) && CountOf(topic) != count)
            {
                return new TopologyProblem(
                    StreamsStatus.IncorrectlyPartitionedTopics,
                    $"Repartition topic {topic} is to have {CountOf(topic)} partitions, but is read together with {Text(binding)}");
            }

            _decided[topic] = count;
        }

        return null;

        int CountOf(string topic) => (IsFixed(subtopology, topic) ? _decided[topic] : Of(topic)) ?? 0;

        string Text(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).Select(t => $"{t}={CountOf(t)}"));
    }
}
