using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Processors;

public sealed class WindowAggregationTests
{
    private static TimeSpan Ms(long ms) => TimeSpan.FromMilliseconds(ms);

    private static (List<string> Output, long Late) Run(
        Func<KGroupedStream<string, string>, KTable<Windowed<string>, long>> aggregate, params (string? Value, long Time)[] input)
    {
        var builder = new StreamsBuilder();
        var output = new List<string>();
        aggregate(builder.Stream<string, string>("in").GroupByKey()).ToStream()
            .MapValues(count => (long?)count)
            .ForEach(
                (key, count) => output.Add(
                    $"{key.Window.Start}-{key.Window.End}={count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}"));
        using var driver = new TopologyTestDriver(builder.Build());
        var topic = driver.CreateInputTopic<string, string>("in");
        foreach (var (value, time) in input)
        {
            topic.PipeInput("k", value, time);
        }

        return (output, driver.Dropped(DropReason.Late));
    }

    [Fact]
    public void Tumbling_windows_drop_records_behind_their_end()
    {
        var (output, late) = Run(g => g.WindowedBy(TimeWindows.OfSizeWithNoGrace(Ms(10))).Count(), ("a", 0), ("a", 9), ("a", 10), ("a", 5));

        Assert.Equal(["0-10=1", "0-10=2", "10-20=1"], output);
        Assert.Equal(1, late);
    }

    [Fact]
    public void A_record_is_late_for_one_hopping_window_and_in_time_for_another()
    {
        var (output, late) = Run(g => g.WindowedBy(TimeWindows.OfSizeWithNoGrace(Ms(10)).AdvanceBy(Ms(5))).Count(), ("a", 12), ("a", 7));

        Assert.Equal(["5-15=1", "10-20=1", "5-15=2"], output);
        Assert.Equal(1, late);
    }

    [Fact]
    public void Null_values_are_counted_in_windows()
    {
        var (output, _) = Run(g => g.WindowedBy(TimeWindows.OfSizeWithNoGrace(Ms(10))).Count(), (null, 0), ("a", 1));

        Assert.Equal(["0-10=1", "0-10=2"], output);
    }

    [Fact]
    public void A_record_between_two_sessions_merges_them()
    {
        var (output, late) = Run(
            g => g.WindowedBy(SessionWindows.OfInactivityGapWithNoGrace(Ms(5))).Count(
                new Materialized<string, long> { Retention = Ms(100) }),
            ("a", 0),
            ("a", 10),
            ("a", 5));

        Assert.Equal(["0-0=1", "10-10=1", "0-0=none", "10-10=none", "0-10=3"], output);
        Assert.Equal(0, late);
    }

    [Fact]
    public void A_session_that_has_closed_takes_no_more_records()
    {
        var (output, late) = Run(
            g => g.WindowedBy(SessionWindows.OfInactivityGapWithNoGrace(Ms(5))).Count(), ("a", 0), ("a", 20), ("a", 1));

        Assert.Equal(["0-0=1", "20-20=1"], output);
        Assert.Equal(1, late);
    }

    [Fact]
    public void Sliding_windows_are_made_where_their_content_differs()
    {
        var (output, _) = Run(
            g => g.WindowedBy(SlidingWindows.OfTimeDifferenceWithNoGrace(Ms(5))).Count(), ("a", 10), ("a", 12), ("a", 19));

        Assert.Equal(["5-10=1", "11-16=1", "7-12=2", "14-19=1"], output);
    }

    [Fact]
    public void Emit_on_close_sends_each_window_once_when_it_has_closed()
    {
        var (output, late) = Run(
            g => g.WindowedBy(TimeWindows.OfSizeAndGrace(Ms(10), Ms(5))).EmitStrategy(EmitStrategy.OnWindowClose).Count(),
            ("a", 10),
            ("a", 24),
            ("a", 77));

        Assert.Equal(["10-20=1", "20-30=1"], output);
        Assert.Equal(0, late);
    }

    [Fact]
    public void Suppress_until_a_window_closes_sends_final_rows_only()
    {
        var (output, _) = Run(
            g => g.WindowedBy(TimeWindows.OfSizeAndGrace(Ms(10), Ms(2))).Count().Suppress(Suppressed.UntilWindowCloses()),
            ("a", 1),
            ("a", 11),
            ("a", 12));

        Assert.Equal(["0-10=1"], output);
    }

    [Fact]
    public void Kafkas_default_retention_loses_windows_that_a_jump_of_time_closes()
    {
        var builder = new StreamsBuilder(new TopologyOptions { Compatibility = KafkaCompatibility.DefaultRetention });
        builder.Stream<string, string>("in").GroupByKey()
            .WindowedBy(TimeWindows.OfSizeAndGrace(Ms(10), Ms(5))).EmitStrategy(EmitStrategy.OnWindowClose).Count()
            .ToStream((key, _) => key.Key).To("out");
        using var driver = new TopologyTestDriver(builder.Build());
        var topic = driver.CreateInputTopic<string, string>("in");

        topic.PipeInput("k", "a", 10);
        topic.PipeInput("k", "a", 77);

        Assert.Equal(0, driver.CreateOutputTopic<string, long>("out").Count);
    }
}
