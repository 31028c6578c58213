using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>The options that describe a load.</summary>
internal static class LoadOptions
{
    public static Option<int> Records { get; } = new("--records")
    {
        Description = "Records of one run.", DefaultValueFactory = _ => 2_000_000,
    };

    public static Option<int> Size { get; } = new("--size") { Description = "Bytes of each value.", DefaultValueFactory = _ => 100 };

    public static Option<int> Partitions { get; } = new("--partitions")
    {
        Description = "Partitions of the topic.", DefaultValueFactory = _ => 1,
    };

    public static Option<int> BatchSize { get; } = new("--batch-size")
    {
        Description = "batch.size of the producer (bytes); it lingers until batches are full.", DefaultValueFactory = _ => 16 * 1024,
    };

    public static Option<Acks> AcksWanted { get; } = new("--acks")
    {
        Description = "all, 1 or 0. With all our broker syncs to disk first, Kafka does not.",
        DefaultValueFactory = _ => Acks.Leader,
    };

    public static Option<int> Warmup { get; } = new("--warmup")
    {
        Description = "Records for the broker to warm up with.", DefaultValueFactory = _ => 4_000_000,
    };

    public static Option<string> From { get; } = new("--from")
    {
        Description = "start: what is there already. tail: what is being written, read by several.", DefaultValueFactory = _ => "start",
    };

    public static Option<int> Consumers { get; } = new("--consumers")
    {
        Description = "Consumers that each read everything; 0 is 1 from the start and 8 at the tail.", DefaultValueFactory = _ => 0,
    };

    public static Option<int> Rate { get; } = new("--rate")
    {
        Description = "At the tail: records written a second.", DefaultValueFactory = _ => 100_000,
    };

    /// <summary>The load of <c>produce</c>.</summary>
    public static BrokerLoad ProduceOf(ParseResult parsed) => Of(parsed, BrokerLoadKind.Produce, 1, 0);

    /// <summary>The load of <c>fetch</c>.</summary>
    /// <exception cref="UsageException">It is to be read from somewhere else.</exception>
    public static BrokerLoad FetchOf(ParseResult parsed)
    {
        var consumers = parsed.GetValue(Consumers);
        return parsed.GetValue(From) switch
        {
            "start" => Of(parsed, BrokerLoadKind.FetchFromStart, consumers == 0 ? 1 : consumers, 0),
            "tail" => Of(parsed, BrokerLoadKind.FetchAtTail, consumers == 0 ? 8 : consumers, parsed.GetValue(Rate)),
            var other => throw new UsageException($"--from {other}: it is start or tail"),
        };
    }

    private static BrokerLoad Of(ParseResult parsed, BrokerLoadKind kind, int consumers, int rate) => new(
        kind, parsed.GetValue(Records), parsed.GetValue(Size), parsed.GetValue(Partitions), parsed.GetValue(BatchSize),
        parsed.GetValue(AcksWanted), parsed.GetValue(Warmup), consumers, rate);
}
