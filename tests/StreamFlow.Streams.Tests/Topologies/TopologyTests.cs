using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Topologies;

public sealed class TopologyTests
{
    private static StreamsBuilder CountByValue(TopologyNaming naming)
    {
        var builder = new StreamsBuilder(new TopologyOptions { Naming = naming });
        builder.Stream<string, string>("in").SelectKey((_, v) => v).GroupByKey().Count().ToStream().To("out");
        return builder;
    }

    [Fact]
    public void Kafka_naming_numbers_nodes_in_kafka_streams_order()
    {
        var topology = CountByValue(TopologyNaming.Kafka).Build();

        Assert.Equal(["KSTREAM-AGGREGATE-STATE-STORE-0000000002"], topology.Stores.Select(s => s.Name));
        Assert.Equal(["KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition"], topology.RepartitionTopics.Select(t => t.Name));
        var text = topology.Describe().ToString();
        Assert.Contains(
            "Processor: KSTREAM-AGGREGATE-0000000003 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000002])", text, StringComparison.Ordinal);
        Assert.Contains("Sink: KSTREAM-SINK-0000000008 (topic: out)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Stable_names_stay_when_an_operator_is_added_elsewhere()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("other").Filter((_, v) => v.Length > 0).To("more");
        builder.Stream<string, string>("in").SelectKey((_, v) => v).GroupByKey().Count().ToStream().To("out");

        Assert.Equal(CountByValue(TopologyNaming.Stable).Build().Stores.Select(s => s.Name), builder.Build().Stores.Select(s => s.Name));
    }

    [Fact]
    public void A_repartition_cuts_the_topology_in_two()
    {
        var topology = CountByValue(TopologyNaming.Stable).Build();

        Assert.Equal(2, topology.Subtopologies.Count);
        Assert.Equal(topology.Subtopologies[0].InternalSinkTopics, topology.Subtopologies[1].SourceTopics.Select(t => t.Name));
    }

    [Fact]
    public void A_missing_serde_is_reported_when_the_topology_is_described()
    {
        var builder = new StreamsBuilder();

        var error = Assert.Throws<TopologyException>(() => builder.Stream<string, Version>("in"));

        Assert.Contains("System.Version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generated_names_are_refused_when_explicit_ones_are_required()
    {
        var builder = new StreamsBuilder(new TopologyOptions { RequireExplicitNames = true });
        builder.Stream<string, string>("in").GroupByKey().Count().ToStream().To("out");

        Assert.Throws<TopologyException>(builder.Build);
    }
}
