using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processing;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Streams.Tests.Processors;

public sealed class ProcessNodeTests
{
    [Fact]
    public void A_stream_time_punctuation_fires_at_once_and_then_once_for_all_missed_intervals()
    {
        var fired = new List<long>();
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in").Process(() => new Ticker(fired));
        using var driver = new TopologyTestDriver(builder.Build());
        var input = driver.CreateInputTopic<string, string>("in");

        input.PipeInput("k", "v", 3);
        input.PipeInput("k", "v", 25);
        input.PipeInput("k", "v", 26);

        Assert.Equal([3, 25], fired);
    }

    [Fact]
    public void A_poison_record_goes_to_the_dead_letter_topic_and_the_others_go_on()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, long>("in").MapValues(v => v + 1).To("out");
        var errors = new ErrorHandling { OnDeserializationError = ErrorHandling.Continue, DeadLetterTopic = "dead" };
        using var driver = new TopologyTestDriver(builder.Build(), new TestDriverOptions { Errors = errors });

        driver.CreateInputTopic<string, string>("in").PipeInput("k", "not a long", 5);
        driver.CreateInputTopic<string, long>("in").PipeInput("k", 1, 6);

        var dead = driver.CreateOutputTopic<string, string>("dead").ReadRecord();
        Assert.Equal("not a long", dead.Value);
        Assert.True(dead.Headers.TryGetLast("__streams.errors.offset", out var offset));
        Assert.Equal("0"u8.ToArray(), offset);
        Assert.Equal(2, driver.CreateOutputTopic<string, long>("out").ReadRecord().Value);
        Assert.Equal(1, driver.Dropped(DropReason.Deserialization));
    }

    [Fact]
    public void An_exception_in_user_code_names_node_topic_and_offset()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in").MapValues<string>(_ => throw new InvalidOperationException("no"), "boom").To("out");
        using var driver = new TopologyTestDriver(builder.Build());

        var error = Assert.Throws<RecordFailedException>(() => driver.CreateInputTopic<string, string>("in").PipeInput("k", "v", 0));

        Assert.Equal(
            ("boom", "in", 0L, RecordStage.Processing),
            (error.Context.NodeName, error.Context.Topic, error.Context.Offset, error.Context.Stage));
    }

    private sealed class Ticker(List<long> fired) : Processor<string, string, string, string>
    {
        public override void Process(in Record<string, string> record) => Context.Forward(in record);

        protected override void Initialize() => Context.Schedule(TimeSpan.FromMilliseconds(10), PunctuationType.StreamTime, fired.Add);
    }
}
