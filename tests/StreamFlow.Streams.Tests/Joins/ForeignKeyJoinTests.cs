using StreamFlow.Core.Records;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Joins;

public sealed class ForeignKeyJoinTests
{
    private const string Registration = "app-fk-subscription-registration-topic";
    private const string Response = "app-fk-subscription-response-topic";

    [Fact]
    public void A_change_of_either_side_updates_an_inner_join()
    {
        using var driver = Start(isLeft: false);
        var left = driver.CreateInputTopic<string, string>("l");
        var right = driver.CreateInputTopic<string, string>("r");

        left.PipeInput("p1", "f1|a", 1);
        right.PipeInput("f1", "x", 5);
        left.PipeInput("p1", "f2|b", 3);
        right.PipeInput("f2", "y", 4);
        left.PipeInput("p1", null, 6);

        Assert.Equal([("p1", "(f1|a,x)", 5L), ("p1", null, 3L), ("p1", "(f2|b,y)", 4L), ("p1", null, 6L)], Results(driver));
    }

    [Fact]
    public void A_right_change_updates_every_row_that_names_it_in_key_order()
    {
        using var driver = Start(isLeft: false);
        var left = driver.CreateInputTopic<string, string>("l");
        left.PipeInput("p3", "f1|c", 1);
        left.PipeInput("p1", "f1|a", 2);
        left.PipeInput("p2", "f11|b", 3);
        driver.CreateInputTopic<string, string>("r").PipeInput("f1", "x", 4);

        Assert.Equal([("p1", "(f1|a,x)", 4L), ("p3", "(f1|c,x)", 4L)], Results(driver));
    }

    [Fact]
    public void A_left_join_keeps_rows_whose_foreign_key_is_absent_or_unknown()
    {
        using var driver = Start(isLeft: true);
        var left = driver.CreateInputTopic<string, string>("l");
        left.PipeInput("p1", "f1|a", 1);
        left.PipeInput("p2", "|b", 2);

        Assert.Equal([("p1", "(f1|a,-)", 1L), ("p2", "(|b,-)", 2L)], Results(driver));
        Assert.Equal(0, driver.DroppedRecords);
    }

    [Fact]
    public void Messages_have_kafka_streams_bytes()
    {
        using var driver = Start(isLeft: false);
        driver.CreateInputTopic<string, string>("r").PipeInput("f2", "r26", 69);
        driver.CreateInputTopic<string, string>("l").PipeInput("p2", "f2|l3", 70);

        var subscription = Assert.Single(driver.ReadBytes(Registration));
        Assert.Equal("6632", Convert.ToHexStringLower(subscription.Key!));
        Assert.Equal("01032f2941166632215e881dbdec316b688f703200000000", Convert.ToHexStringLower(subscription.Value!));
        var response = Assert.Single(driver.ReadBytes(Response));
        Assert.Equal("7032", Convert.ToHexStringLower(response.Key!));
        Assert.Equal("002f2941166632215e881dbdec316b688f723236", Convert.ToHexStringLower(response.Value!));
    }

    [Fact]
    public void A_subscription_of_an_unknown_version_stops_the_task()
    {
        using var driver = Start(isLeft: false);

        var failure = Assert.Throws<RecordFailedException>(() => driver.PipeBytes(Registration, new TopicRecord("f"u8.ToArray(), [9], 1, Headers.Empty)));

        Assert.Contains("version 9", failure.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kafka_naming_gives_the_parts_kafka_streams_names()
    {
        var builder = new StreamsBuilder(new TopologyOptions { Naming = TopologyNaming.Kafka });
        builder.Table<string, string>("l").Join(builder.Table<string, string>("r"), ForeignKey, Pair).ToStream().To("out");
        var topology = builder.Build();

        Assert.Equal(
            [
                "KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000006-topic",
                "KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-0000000014-topic",
            ],
            topology.RepartitionTopics.Select(t => t.Name));
        Assert.Contains("KTABLE-FK-JOIN-SUBSCRIPTION-STATE-STORE-0000000010", topology.Stores.Select(s => s.Name));
    }

    [Fact]
    public void Both_sides_keep_their_own_partitioning()
    {
        var builder = new StreamsBuilder();
        builder.Table<string, string>("l").Join(builder.Table<string, string>("r"), ForeignKey, Pair, new() { Name = "fk" });

        Assert.Equal(
            ["fk-subscription-registration-topic, r", "fk-subscription-response-topic, l"],
            builder.Build().CopartitionGroups.Select(g => string.Join(", ", g.Order(StringComparer.Ordinal))));
    }

    private static string? ForeignKey(string value) => value.Split('|')[0] is { Length: > 0 } key ? key : null;

    private static string Pair(string left, string? right) => $"({left},{right ?? "-"})";

    private static TopologyTestDriver Start(bool isLeft)
    {
        var builder = new StreamsBuilder();
        var left = builder.Table<string, string>("l");
        var right = builder.Table<string, string>("r");
        var joined = TableJoined<string, string, string, string>.As("fk");
        var result = isLeft ? left.LeftJoin(right, ForeignKey, Pair, joined) : left.Join(right, ForeignKey, Pair, joined);
        result.ToStream().To("out");
        return new TopologyTestDriver(builder.Build());
    }

    private static IEnumerable<(string, string?, long)> Results(TopologyTestDriver driver) =>
        driver.CreateOutputTopic<string, string>("out").ReadAll().Select(r => (r.Key!, r.Value, r.Timestamp));
}
