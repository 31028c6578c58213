using System.CommandLine;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Client;

/// <summary><c>bench client produce|consume</c>: what a record costs our client, by CPU time of this process.</summary>
internal static class ClientBenchCommand
{
    private const int MostWarmup = 3_000_000;
    private const int MostWarmupBytes = 400_000_000;

    private static readonly Option<string> Topic = new("--topic")
    {
        Description = "The topic; made when it does not exist.", DefaultValueFactory = _ => "bench-client",
    };

    private static readonly Option<int> Records = new("--records")
    {
        Description = "How many records.", DefaultValueFactory = _ => 1_000_000,
    };

    private static readonly Option<int> Warmup = new("--warmup")
    {
        Description = "Records before them that do not count.", DefaultValueFactory = _ => 0,
    };

    private static readonly Option<int> Size = new("--size") { Description = "Bytes of each value.", DefaultValueFactory = _ => 100 };
    private static readonly Option<Acks> AcksWanted = new("--acks")
    {
        Description = "all, 1 or 0.", DefaultValueFactory = _ => Acks.All,
    };

    private static readonly Option<bool> Reports = new("--delivery-reports")
    {
        Description = "Be told what became of records: ours of each batch, Confluent.Kafka of each record.",
    };

    private static readonly Option<string?> Against = new("--against")
    {
        Description = "Runs this client alternately, in processes of their own, and prints the ratio: confluent.", HelpName = "PEER",
    };

    public static Command Create() => new(
        "client", "What a record costs our client. Example: bench client produce --cluster memory: --topic t")
    {
        Command("produce", "Appends records without waiting for each.", ProduceAsync, AcksWanted, Reports),
        Command("consume", "Reads the topic from its start, batch by batch.", ConsumeAsync),
    };

    private static Command Command(
        string name, string description, Func<ParseResult, CancellationToken, Task> measure, params Option[] options)
    {
        var command = new Command(name, description) { Topic, Records, Warmup, Size, Against, PeerOptions.Quads };
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.Runs(async (parsed, cancellation) =>
        {
            await (parsed.GetValue(Against) is { } peer ? CompareAsync(name, peer, parsed, cancellation) : measure(parsed, cancellation));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Task CompareAsync(string name, string peer, ParseResult parsed, CancellationToken cancellation)
    {
        var isProduce = name == "produce";
        var load = new ClientComparison(
            name, parsed.GetValue(Records), Math.Max(parsed.GetValue(Warmup), LeastWarmup(parsed)), parsed.GetValue(Size),
            isProduce ? parsed.GetValue(AcksWanted) : null, isProduce && parsed.GetValue(Reports));
        return load.RunAsync(
            PeerPrograms.FindClient(peer), parsed.GetValue(PeerOptions.Quads), GlobalOptions.ExplicitClusterOf(parsed), cancellation);
    }

    /// <summary>
    /// Enough for code to be compiled for speed and buffers to be there: a second or so. Confluent.Kafka is managed code in part, too.
    /// </summary>
    private static int LeastWarmup(ParseResult parsed) =>
        Math.Max(parsed.GetValue(Records) / 2, Math.Min(MostWarmup, MostWarmupBytes / Math.Max(1, parsed.GetValue(Size))));

    private static async Task ProduceAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        var topic = parsed.GetValue(Topic)!;
        await cluster.Admin.CreateTopicsAsync([new NewTopic(topic, 1)], ignoreExisting: true, cancellation);
        var acks = parsed.GetValue(AcksWanted);
        var reported = 0L;
        var options = new ProducerOptions
        {
            Acks = acks, EnableIdempotence = acks == Acks.All,
            OnDelivery = parsed.GetValue(Reports) ? report => reported += report.RecordCount : null,
        };
        await using var producer = cluster.CreateProducer(options);
        await producer.PartitionsForAsync(topic, cancellation);
        var value = new byte[parsed.GetValue(Size)];
        await new ClientLoad(topic, parsed.GetValue(Warmup), 1, cluster.Clock).ProduceAsync(producer, value, cancellation);
        var measure = ClientMeasure.Start(cluster.Clock);
        await new ClientLoad(topic, parsed.GetValue(Records), 1, cluster.Clock).ProduceAsync(producer, value, cancellation);
        measure.Print("client.produce", parsed.GetValue(Records), parsed.GetValue(Size));
    }

    private static async Task ConsumeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        await using var consumer = cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        await ClientLoad.AssignAllAsync(consumer, parsed.GetValue(Topic)!, cancellation);
        var warm = await ClientLoad.ConsumeAsync(consumer, parsed.GetValue(Warmup), cancellation);
        var measure = ClientMeasure.Start(cluster.Clock);
        var read = await ClientLoad.ConsumeAsync(consumer, parsed.GetValue(Records) + parsed.GetValue(Warmup) - warm, cancellation);
        measure.Print("client.consume", read, parsed.GetValue(Size));
    }
}
