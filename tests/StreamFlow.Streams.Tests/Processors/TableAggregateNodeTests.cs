using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Streams.Tests.Processors;

public sealed class TableAggregateNodeTests
{
    [Fact]
    public void A_row_that_moves_is_taken_out_of_its_group_and_put_into_the_other()
    {
        var builder = new StreamsBuilder();
        builder.Table<string, string>("in").GroupBy((key, group) => (group, key)).Count().ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var input = driver.CreateInputTopic<string, string>("in");

        input.PipeInput("p1", "g1", 0);
        input.PipeInput("p2", "g1", 0);
        input.PipeInput("p1", "g2", 0);

        var output = driver.CreateOutputTopic<string, long>("out").ReadAll();
        Assert.Equal([("g1", 1L), ("g1", 2L), ("g1", 1L), ("g2", 1L)], output.Select(r => (r.Key!, r.Value)));
    }

    [Fact]
    public void Late_rows_of_a_versioned_table_do_not_change_its_groups()
    {
        var builder = new StreamsBuilder();
        builder.Table("in", materialized: Materialized<string, string>.As("rows").WithHistoryRetention(TimeSpan.FromMilliseconds(100)))
            .GroupBy((key, group) => (group, key)).Count().ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var input = driver.CreateInputTopic<string, string>("in");

        input.PipeInput("p1", "g1", 10);
        input.PipeInput("p1", "g2", 5);

        Assert.Equal([("g1", 1L)], driver.CreateOutputTopic<string, long>("out").ReadAll().Select(r => (r.Key!, r.Value)));
    }
}
