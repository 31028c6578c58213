using System.CommandLine;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary><c>bench broker produce|fetch</c>: what a record costs a broker, by its process' CPU time, ours and Kafka's in turn.</summary>
internal static class BrokerBenchCommand
{
    private static readonly Option<int> Records = new("--records")
    {
        Description = "Records of one run.", DefaultValueFactory = _ => 2_000_000,
    };

    private static readonly Option<int> Size = new("--size") { Description = "Bytes of each value.", DefaultValueFactory = _ => 100 };
    private static readonly Option<int> BatchSize = new("--batch-size")
    {
        Description = "batch.size of the producer (bytes).", DefaultValueFactory = _ => 16 * 1024,
    };

    private static readonly Option<Acks> AcksWanted = new("--acks")
    {
        Description = "all, leader or none. With all our broker syncs to disk first, Kafka does not.",
        DefaultValueFactory = _ => Acks.Leader,
    };

    private static readonly Option<int> Warmup = new("--warmup")
    {
        Description = "Records for the broker to warm up with.", DefaultValueFactory = _ => 4_000_000,
    };

    private static readonly Option<string?> Against = new("--against")
    {
        Description = "Runs this broker alternately and prints the ratio: kafka.", HelpName = "PEER",
    };

    public static Command Create() => new(
        "broker", "What a record costs the broker. Example: bench broker produce --against kafka --quads 3")
    {
        Create("produce", "Our client writes records as fast as they go.", isFetch: false),
        Create("fetch", "Our client reads the same records again and again.", isFetch: true),
    };

    private static Command Create(string name, string description, bool isFetch)
    {
        var command = new Command(name, description) { Records, Size, BatchSize, AcksWanted, Warmup, Against, PeerOptions.Quads };
        command.Runs(async (parsed, cancellation) =>
        {
            var load = new BrokerLoad(
                isFetch, parsed.GetValue(Records), parsed.GetValue(Size), parsed.GetValue(BatchSize), parsed.GetValue(AcksWanted),
                parsed.GetValue(Warmup));
            var against = parsed.GetValue(Against);
            if (against is not (null or "kafka"))
            {
                throw new UsageException($"--against {against}: the broker to compare with is kafka");
            }

            await RunAsync(load, against, parsed.GetValue(PeerOptions.Quads), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(BrokerLoad load, string? against, int quads, CancellationToken cancellation)
    {
        await using var ours = new BrokerRuns(await BrokerUnderTest.StartOursAsync(cancellation), load);
        await ours.PrepareAsync(cancellation);
        if (against is null)
        {
            await Console.Out.WriteLineAsync((await ours.RunAsync(cancellation)).ToJsonString());
            return;
        }

        await using var kafka = new BrokerRuns(await BrokerUnderTest.StartKafkaAsync(cancellation), load);
        await kafka.PrepareAsync(cancellation);
        var result = new OrderedDictionary<string, object>
        {
            ["bench"] = load.Name, ["records"] = load.Records, ["size"] = load.Size, ["batchSize"] = load.BatchSize,
            ["acks"] = load.Acks.ToString(),
        };
        await new PeerQuads(against, "cpuMicrosPerRecord").RunAsync(
            quads, (isOurs, _) => (isOurs ? ours : kafka).RunAsync(cancellation), result);
    }
}
