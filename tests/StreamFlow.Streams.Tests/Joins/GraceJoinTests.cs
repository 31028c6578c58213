using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Joins;

public sealed class GraceJoinTests
{
    [Fact]
    public void A_record_waits_for_late_changes_of_the_table()
    {
        var builder = new StreamsBuilder();
        using var driver = new TopologyTestDriver(Build(builder, history: 100, grace: 10));
        var stream = driver.CreateInputTopic<string, string>("s");
        var table = driver.CreateInputTopic<string, string>("t");

        stream.PipeInput("k", "a", 20);
        table.PipeInput("k", "x", 15);
        stream.PipeInput("k", "b", 30);
        stream.PipeInput("k", "late", 16);

        Assert.Equal(
            [("(a,x)", 20L), ("(late,x)", 16L)],
            driver.CreateOutputTopic<string, string>("out").ReadAll().Select(r => (r.Value, r.Timestamp)));
    }

    [Fact]
    public void A_left_join_does_not_hold_records_without_a_key()
    {
        var builder = new StreamsBuilder();
        using var driver = new TopologyTestDriver(Build(builder, history: 100, grace: 10));

        driver.CreateInputTopic<string, string>("s").PipeInput(null, "a", 20);

        Assert.Equal(["(a,-)"], driver.CreateOutputTopic<string, string>("out").ReadAll().Select(r => r.Value));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void A_history_shorter_than_the_grace_period_is_refused(int? history)
    {
        Assert.Throws<TopologyException>(() => Build(new StreamsBuilder(), history, grace: 10));
    }

    private static Topology Build(StreamsBuilder builder, int? history, int grace)
    {
        var table = builder.Table<string, string>("t", materialized: new()
        {
            HistoryRetention = history is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
        });
        builder.Stream<string, string>("s")
            .LeftJoin(table, (s, t) => $"({s},{t ?? "-"})", new() { GracePeriod = TimeSpan.FromMilliseconds(grace) })
            .To("out");
        return builder.Build();
    }
}
