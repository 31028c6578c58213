using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Streams.Tests.Dsl;

public sealed class KTableTests
{
    [Fact]
    public void A_table_read_as_a_stream_keeps_tombstones_even_of_unknown_keys()
    {
        var builder = new StreamsBuilder();
        builder.Table<string, string>("in").ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var input = driver.CreateInputTopic<string, string>("in");

        input.PipeInput("k", "a", 5);
        input.PipeInput("k", "b", 3);
        input.PipeInput("k", null, 6);
        input.PipeInput("k", null, 7);

        Assert.Equal(["a", "b", null, null], driver.CreateOutputTopic<string, string>("out").ReadAll().Select(r => r.Value));
    }

    [Fact]
    public void A_filter_of_a_materialized_table_of_plain_values_withdraws_only_rows_it_showed()
    {
        var builder = new StreamsBuilder();
        builder.Table("in", materialized: Materialized<string, long>.As("rows")).Filter((_, v) => v > 1).ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var input = driver.CreateInputTopic<string, long>("in");

        foreach (var value in new long[] { 1, 2, 3, 1, 1 })
        {
            input.PipeInput("k", value, 0);
        }

        var output = driver.CreateOutputTopic<string, long>("out").ReadAll();
        Assert.Equal([(true, 2L), (true, 3L), (false, 0L)], output.Select(r => (r.HasValue, r.Value)));
    }
}
