using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Streams.Tests.Joins;

public sealed class GlobalTableJoinTests
{
    [Fact]
    public void Records_meet_the_row_that_their_value_names()
    {
        var builder = new StreamsBuilder();
        var names = builder.GlobalTable<long, string>("names");
        builder.Stream<string, long>("orders").Join(names, (_, customer) => customer, (customer, name) => $"{customer}={name}").To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var orders = driver.CreateInputTopic<string, long>("orders");

        orders.PipeInput("o1", 7, 1);
        driver.CreateInputTopic<long, string>("names").PipeInput(7, "Ada", 99);
        orders.PipeInput("o2", 7, 2);

        var result = Assert.Single(driver.CreateOutputTopic<string, string>("out").ReadAll());
        Assert.Equal(("o2", "7=Ada", 2L), (result.Key, result.Value, result.Timestamp));
    }

    [Fact]
    public void A_left_join_keeps_records_that_name_no_row()
    {
        var builder = new StreamsBuilder();
        var names = builder.GlobalTable<string, string>("names");
        builder.Stream<string, string>("orders")
            .LeftJoin(names, (_, value) => value == "nobody" ? null : value, (key, value, name) => $"{key}:{value}={name ?? "-"}")
            .To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var orders = driver.CreateInputTopic<string, string>("orders");

        orders.PipeInput("o1", "nobody", 1);
        orders.PipeInput("o2", "x", 2);
        orders.PipeInput("o3", null, 3);

        Assert.Equal(["o1:nobody=-", "o2:x=-"], driver.CreateOutputTopic<string, string>("out").ReadAll().Select(r => r.Value));
        Assert.Equal(1, driver.DroppedRecords);
    }

    [Fact]
    public void A_history_is_refused()
    {
        var builder = new StreamsBuilder();

        Assert.Throws<TopologyException>(() => builder.GlobalTable<string, string>(
            "names", materialized: new() { HistoryRetention = TimeSpan.FromHours(1) }));
    }
}
