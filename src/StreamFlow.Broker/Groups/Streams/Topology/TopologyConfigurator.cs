using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups.Streams.Topology;

/// <summary>Lays a topology over the topics of the cluster.</summary>
internal static class TopologyConfigurator
{
    private const int MostNames = 3;

    /// <summary>The topology with its numbers, or why the application has to wait.</summary>
    /// <exception cref="BrokerException">The topology makes no sense, whatever topics there are.</exception>
    public static ConfiguredTopology Configure(StreamsTopology topology, IReadOnlyDictionary<string, TopicImage> topics)
    {
        string[] missing = [.. topology.Subtopologies.SelectMany(s => s.SourceTopics).Where(t => !topics.ContainsKey(t)).Distinct()];
        if (missing.Length > 0)
        {
            return Failed(topology, new(StreamsStatus.MissingSourceTopics, $"Source topics {Summary(missing)} are missing."));
        }

        var counts = new PartitionCounts(topology, topics);
        if (counts.Decide() is { } problem)
        {
            return Failed(topology, problem);
        }

        var parts = topology.Subtopologies.ToImmutableSortedDictionary(
            s => s.SubtopologyId,
            s => new ConfiguredSubtopology(
                s.SubtopologyId,
                counts.TasksOf(s),
                s.SourceTopics,
                s.RepartitionSourceTopics.ConvertAll(t => InternalTopic.Of(t, counts.Decided)),
                s.RepartitionSinkTopics,
                s.StateChangelogTopics.ConvertAll(t => InternalTopic.Of(t, counts.Decided))),
            StringComparer.Ordinal);
        var own = parts.Values.SelectMany(p => p.RepartitionSourceTopics.Concat(p.ChangelogTopics)).DistinctBy(t => t.Name).ToArray();
        if (own.FirstOrDefault(t => topics.TryGetValue(t.Name, out var image) && image.PartitionCount != t.Partitions) is { } wrong)
        {
            return Failed(topology, new(
                StreamsStatus.IncorrectlyPartitionedTopics,
                $"Topic {wrong.Name} has {topics[wrong.Name].PartitionCount} partitions instead of {wrong.Partitions}."));
        }

        InternalTopic[] toCreate = [.. own.Where(t => !topics.ContainsKey(t.Name)).OrderBy(t => t.Name, StringComparer.Ordinal)];
        return new ConfiguredTopology
        {
            Epoch = topology.Epoch,
            Subtopologies = parts,
            Missing = toCreate,
            Problem = toCreate.Length == 0 ? null : new(
                StreamsStatus.MissingInternalTopics, $"Internal topics are missing: {Summary([.. toCreate.Select(t => t.Name)])}"),
        };
    }

    private static ConfiguredTopology Failed(StreamsTopology topology, TopologyProblem problem) =>
        new() { Epoch = topology.Epoch, Problem = problem };

    private static string Summary(string[] names)
    {
        var listed = string.Join(", ", names.Order(StringComparer.Ordinal).Take(MostNames));
        return names.Length > MostNames ? $"{listed} and {names.Length - MostNames} more" : listed;
    }
}
