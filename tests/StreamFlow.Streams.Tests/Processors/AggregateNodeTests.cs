using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Processors;

public sealed class AggregateNodeTests
{
    [Fact]
    public void Counts_per_key_keep_the_greatest_time_and_drop_records_without_value()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in").GroupByKey().Count(Materialized<string, long>.As("counts")).ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var input = driver.CreateInputTopic<string, string>("in");

        input.PipeInput("k", "a", 1);
        input.PipeInput("k", null, 2);
        input.PipeInput("k", "b", 0);

        var output = driver.CreateOutputTopic<string, long>("out").ReadAll();
        Assert.Equal([(1L, 1L), (2L, 1L)], output.Select(r => (r.Value, r.Timestamp)));
        Assert.Equal(1, driver.Dropped(DropReason.NullValue));
        Assert.True(driver.GetStore<ITimestampedKeyValueStore<string, long>>("counts").TryGet("k", out var row));
        Assert.Equal(new ValueAndTimestamp<long>(2, 1), row);
    }

    [Theory]
    [InlineData(KafkaCompatibility.None, "1=1")]
    [InlineData(KafkaCompatibility.UnseenOldValues, "0=null 1=1")]
    public void The_first_change_of_a_row_has_an_old_value_only_as_in_Kafka(KafkaCompatibility compatibility, string expected)
    {
        var builder = new StreamsBuilder(new TopologyOptions { Compatibility = compatibility });
        var counts = builder.Stream<string, string>("in").GroupByKey().Count();
        counts.GroupBy((_, count) => (count, count)).Count().ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());

        driver.CreateInputTopic<string, string>("in").PipeInput("k", "a", 1);

        var output = driver.CreateOutputTopic<long, long>("out").ReadAll();
        Assert.Equal(expected, string.Join(' ', output.Select(r => $"{r.Key}={(r.HasValue ? r.Value : "null")}")));
    }

    [Fact]
    public void Counts_go_through_a_repartition_topic_when_the_key_changed()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in")
            .FlatMapValues(text => text.Split(' '))
            .GroupBy((_, word) => word)
            .Count(Materialized<string, long>.As("counts"))
            .ToStream()
            .To("out");
        using var driver = new TopologyTestDriver(builder.Build());

        driver.CreateInputTopic<string, string>("in").PipeInput(null, "to be or not to be", 5);

        var output = driver.CreateOutputTopic<string, long>("out").ReadAll();
        Assert.Equal([("to", 1L), ("be", 1L), ("or", 1L), ("not", 1L), ("to", 2L), ("be", 2L)], output.Select(r => (r.Key!, r.Value)));
        Assert.Contains("app-counts-repartition", driver.ProducedTopicNames);
    }
}
