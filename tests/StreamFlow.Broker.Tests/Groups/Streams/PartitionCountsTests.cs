using System.Collections.Immutable;
using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Broker.Metadata;
using StreamFlow.Protocol.Messages;
using Subtopology = StreamFlow.Protocol.Messages.StreamsGroupTopologyValue.Subtopology;

namespace StreamFlow.Broker.Tests.Groups.Streams;

public sealed class PartitionCountsTests
{
    [Fact]
    public void Topic_between_two_parts_has_as_many_partitions_as_the_largest_that_its_writer_reads()
    {
        var topology = Configure(
            [Part("0", ["a", "b"], sinks: ["r"]), Part("1", [], repartition: ["r"], changelogs: ["log"])], ("a", 2), ("b", 5));

        Assert.Equal(["log:5", "r:5"], topology.Missing.Select(t => $"{t.Name}:{t.Partitions}"));
        Assert.Equal([5, 5], topology.Subtopologies!.Values.Select(s => s.TaskCount));
        Assert.Equal(StreamsStatus.MissingInternalTopics, topology.Problem!.Status);
    }

    [Fact]
    public void Topic_between_two_parts_follows_the_topic_it_is_joined_with()
    {
        var joined = Part("1", ["c"], repartition: ["r"]);
        joined.CopartitionGroups = [new() { SourceTopics = [0], RepartitionSourceTopics = [0] }];

        var topology = Configure([Part("0", ["a"], sinks: ["r"]), joined], ("a", 5), ("c", 3));
        Assert.Equal(["r:3"], topology.Missing.Select(t => $"{t.Name}:{t.Partitions}"));

        joined.RepartitionSourceTopics[0].Partitions = 7;
        topology = Configure([Part("0", ["a"], sinks: ["r"]), joined], ("a", 5), ("c", 3));
        Assert.Equal(StreamsStatus.IncorrectlyPartitionedTopics, topology.Problem!.Status);
    }

    [Fact]
    public void Topics_that_are_joined_need_the_same_number()
    {
        var joined = Part("0", ["a", "b"]);
        joined.CopartitionGroups = [new() { SourceTopics = [0, 1] }];

        var topology = Configure([joined], ("a", 2), ("b", 3));
        Assert.Equal(StreamsStatus.IncorrectlyPartitionedTopics, topology.Problem!.Status);
        Assert.Contains("a=2, b=3", topology.Problem.Detail, StringComparison.Ordinal);
        Assert.True(Configure([joined], ("a", 3), ("b", 3)).IsReady);
    }

    [Fact]
    public void Missing_source_topics_are_named()
    {
        var topology = Configure([Part("0", ["a", "b", "c", "d", "e"])], ("c", 1));

        Assert.Equal((StreamsStatus.MissingSourceTopics, "Source topics a, b, d and 1 more are missing."),
            (topology.Problem!.Status, topology.Problem.Detail));
        Assert.Null(topology.Subtopologies);
    }

    private static Subtopology Part(
        string id, List<string> sources, List<string>? sinks = null, List<string>? repartition = null,
            List<string>? changelogs = null) => new()
    {
        SubtopologyId = id,
        SourceTopics = sources,
        RepartitionSinkTopics = sinks ?? [],
        RepartitionSourceTopics = (repartition ?? []).ConvertAll(t => new StreamsGroupTopologyValue.TopicInfo { Name = t }),
        StateChangelogTopics = (changelogs ?? []).ConvertAll(t => new StreamsGroupTopologyValue.TopicInfo { Name = t }),
    };

    private static ConfiguredTopology Configure(List<Subtopology> parts, params (string Name, int Partitions)[] topics) =>
        TopologyConfigurator.Configure(
            new StreamsTopology(new StreamsGroupTopologyValue { Subtopologies = parts }),
            topics.ToDictionary(t => t.Name, t => new TopicImage(t.Name, Guid.NewGuid(), t.Partitions, ImmutableSortedDictionary<string,
                string>.Empty)));
}
