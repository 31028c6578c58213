using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Topologies;

public sealed class RepartitionMergerTests
{
    [Fact]
    public void Aggregations_below_one_key_change_share_one_repartition_topic()
    {
        var topology = TwoCounts(TopologyOptimizations.All);

        Assert.Single(topology.RepartitionTopics);
        Assert.Equal(2, TwoCounts(TopologyOptimizations.None).RepartitionTopics.Count);
    }

    [Theory]
    [InlineData(TopologyOptimizations.None)]
    [InlineData(TopologyOptimizations.All)]
    public void Results_are_the_same_with_and_without_merging(TopologyOptimizations optimizations)
    {
        using var driver = new TopologyTestDriver(TwoCounts(optimizations));
        var input = driver.CreateInputTopic<string, string>("in");

        input.PipeInput("1", "a", 0);
        input.PipeInput("2", "bb", 1);
        input.PipeInput("3", "a", 2);

        Assert.Equal(
            [("a", 1L), ("bb", 1L), ("a", 2L)], driver.CreateOutputTopic<string, long>("all").ReadAll().Select(r => (r.Key!, r.Value)));
        Assert.Equal([("bb", 1L)], driver.CreateOutputTopic<string, long>("long").ReadAll().Select(r => (r.Key!, r.Value)));
    }

    private static Topology TwoCounts(TopologyOptimizations optimizations)
    {
        var builder = new StreamsBuilder(new TopologyOptions { Optimizations = optimizations });
        var keyed = builder.Stream<string, string>("in").SelectKey((_, v) => v);
        keyed.GroupByKey().Count().ToStream().To("all");
        keyed.Filter((_, v) => v.Length > 1).GroupByKey().Count().ToStream().To("long");
        return builder.Build();
    }
}
