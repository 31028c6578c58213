using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Joins;

public sealed class StreamJoinTests
{
    private static readonly JoinWindows Ten = JoinWindows.OfTimeDifferenceWithNoGrace(TimeSpan.FromMilliseconds(10));

    [Fact]
    public void Only_records_within_the_window_join_inner()
    {
        using var driver = Driver((l, r) => l.Join(r, Pair, Ten));
        Left(driver, "a", 0);
        Right(driver, "x", 11);
        Right(driver, "y", 10);

        Assert.Equal([("(a,y)", 10L)], Results(driver));
    }

    [Fact]
    public void An_unmatched_left_record_is_emitted_when_its_window_has_closed()
    {
        using var driver = Driver((l, r) => l.LeftJoin(r, Pair!, Ten));
        Left(driver, "a", 0);
        Left(driver, "b", 10);
        Assert.Empty(Results(driver));
        Left(driver, "c", 11);

        Assert.Equal([("(a,)", 0L)], Results(driver));
    }

    [Fact]
    public void A_matched_record_is_not_emitted_again_and_grace_is_waited_for()
    {
        var windows = JoinWindows.OfTimeDifferenceAndGrace(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(5));
        using var driver = Driver((l, r) => l.OuterJoin(r, Pair!, windows));
        Left(driver, "a", 0);
        Right(driver, "x", 8);
        Left(driver, "b", 20, "k");
        Right(driver, "y", 35, "j");
        Assert.Equal([("(a,x)", 8L)], Results(driver));
        Right(driver, "z", 36, "j");

        Assert.Equal([("(b,)", 20L)], Results(driver));
    }

    [Fact]
    public void A_stream_joined_with_itself_meets_each_record_once()
    {
        var builder = new StreamsBuilder();
        var stream = builder.Stream<string, string>("l");
        stream.Join(stream, Pair, Ten).To("out");
        using var driver = new TopologyTestDriver(builder.Build(), new() { EmitInterval = TimeSpan.Zero });
        Left(driver, "a", 0);
        Left(driver, "b", 5);

        Assert.Equal([("(a,a)", 0L), ("(b,a)", 5L), ("(a,b)", 5L), ("(b,b)", 5L)], Results(driver));
    }

    [Fact]
    public void Records_of_one_key_and_time_all_join()
    {
        using var driver = Driver((l, r) => l.Join(r, Pair, Ten));
        Left(driver, "a", 0);
        Left(driver, "b", 0);
        Right(driver, "x", 3);

        Assert.Equal([("(a,x)", 3L), ("(b,x)", 3L)], Results(driver));
    }

    private static string Pair(string left, string right) => $"({left},{right})";

    private static TopologyTestDriver Driver(
        Func<KStream<string, string>, KStream<string, string>, KStream<string, string>> join)
    {
        var builder = new StreamsBuilder(TopologyOptions.Default);
        join(builder.Stream<string, string>("l"), builder.Stream<string, string>("r")).To("out");
        return new TopologyTestDriver(builder.Build(), new() { EmitInterval = TimeSpan.Zero });
    }

    private static void Left(TopologyTestDriver driver, string value, long time, string key = "k") =>
        driver.CreateInputTopic<string, string>("l").PipeInput(key, value, time);

    private static void Right(TopologyTestDriver driver, string value, long time, string key = "k") =>
        driver.CreateInputTopic<string, string>("r").PipeInput(key, value, time);

    private static IEnumerable<(string? Value, long Timestamp)> Results(TopologyTestDriver driver) =>
        [.. driver.CreateOutputTopic<string, string>("out").ReadAll().Select(r => (r.Value, r.Timestamp))];
}
