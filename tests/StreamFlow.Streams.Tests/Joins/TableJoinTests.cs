using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Streams.Tests.Joins;

public sealed class TableJoinTests
{
    [Fact]
    public void A_stream_record_meets_the_row_of_its_moment_in_an_inner_join()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("s").Join(builder.Table<string, string>("t"), (s, t) => $"({s},{t})").To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var stream = driver.CreateInputTopic<string, string>("s");
        var table = driver.CreateInputTopic<string, string>("t");

        stream.PipeInput("k", "a", 1);
        table.PipeInput("k", "x", 2);
        stream.PipeInput("k", "b", 3);
        table.PipeInput("k", null, 4);
        stream.PipeInput("k", "c", 5);

        Assert.Equal([("(b,x)", 3L)], Results(driver));
    }

    [Fact]
    public void A_left_join_keeps_records_without_a_row_and_without_a_key()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("s").LeftJoin(builder.Table<string, string>("t"), (s, t) => $"({s},{t ?? "-"})").To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var stream = driver.CreateInputTopic<string, string>("s");

        stream.PipeInput("k", "a", 1);
        stream.PipeInput(null, "b", 2);
        stream.PipeInput("k", null, 3);

        Assert.Equal([("(a,-)", 1L), ("(b,-)", 2L)], Results(driver));
        Assert.Equal(1, driver.DroppedRecords);
    }

    [Fact]
    public void An_inner_table_join_follows_both_sides()
    {
        var builder = new StreamsBuilder();
        builder.Table<string, string>("l").Join(builder.Table<string, string>("r"), Pair).ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var left = driver.CreateInputTopic<string, string>("l");
        var right = driver.CreateInputTopic<string, string>("r");

        left.PipeInput("k", "a", 1);
        right.PipeInput("k", "x", 9);
        right.PipeInput("k", "y", 3);
        left.PipeInput("k", null, 4);

        Assert.Equal([("(a,x)", 9L), ("(a,y)", 3L), (null, 4L)], Results(driver));
    }

    [Fact]
    public void An_outer_table_join_ends_with_one_tombstone()
    {
        var builder = new StreamsBuilder();
        builder.Table<string, string>("l").OuterJoin(builder.Table<string, string>("r"), Pair!).ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var left = driver.CreateInputTopic<string, string>("l");
        var right = driver.CreateInputTopic<string, string>("r");

        left.PipeInput("k", "a", 1);
        right.PipeInput("k", "x", 2);
        left.PipeInput("k", null, 3);
        right.PipeInput("k", null, 4);
        right.PipeInput("k", null, 5);

        Assert.Equal([("(a,)", 1L), ("(a,x)", 2L), ("(,x)", 3L), (null, 4L)], Results(driver));
    }

    [Fact]
    public void A_join_of_a_join_reads_through_to_the_inputs()
    {
        var builder = new StreamsBuilder();
        var ab = builder.Table<string, string>("a").LeftJoin(builder.Table<string, string>("b"), Pair!);
        ab.Join(builder.Table<string, string>("c"), Pair).ToStream().To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        driver.CreateInputTopic<string, string>("a").PipeInput("k", "1", 1);
        driver.CreateInputTopic<string, string>("c").PipeInput("k", "3", 2);
        driver.CreateInputTopic<string, string>("b").PipeInput("k", "2", 5);

        Assert.Equal([("((1,),3)", 2L), ("((1,2),3)", 5L)], Results(driver));
    }

    private static string Pair(string left, string right) => $"({left},{right})";

    private static IEnumerable<(string? Value, long Timestamp)> Results(TopologyTestDriver driver) =>
        driver.CreateOutputTopic<string, string>("out").ReadAll().Select(r => (r.Value, r.Timestamp));
}
