using System.CommandLine;
using StreamFlow.Cli.Bench.Broker;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Latency;

/// <summary><c>bench latency</c>: from the planned time of sending to the receipt, at a fixed rate.</summary>
internal static class LatencyCommand
{
    private static readonly Option<int> Rate = new("--rate") { Description = "Records per second.", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "How long, after the warm-up.", DefaultValueFactory = _ => 10,
    };

    private static readonly Option<int> Warmup = new("--warmup")
    {
        Description = "Seconds that do not count before.", DefaultValueFactory = _ => 10,
    };

    private static readonly Option<int> Size = new("--size")
    {
        Description = "Bytes of each value, at least 8.", DefaultValueFactory = _ => 100,
    };

    private static readonly Option<Acks> AcksWanted = new("--acks")
    {
        Description = "all, leader or none.", DefaultValueFactory = _ => Acks.Leader,
    };

    public static Command Create()
    {
        var command = new Command(
            "latency", "Latency in an open loop. Example: bench latency --cluster memory: --rate 1000 --seconds 10")
        {
            Rate, Seconds, Warmup, Size, AcksWanted, BrokerDuel.Against, PeerOptions.Quads,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var rate = parsed.GetValue(Rate);
            var size = parsed.GetValue(Size);
            if (rate < 1 || size < sizeof(long) || parsed.GetValue(Seconds) < 1)
            {
                throw new UsageException("--rate and --seconds are at least 1, --size at least 8");
            }

            var plan = new LatencyPlan(
                rate, rate * parsed.GetValue(Seconds), rate * parsed.GetValue(Warmup), size, parsed.GetValue(AcksWanted));
            await (parsed.GetValue(BrokerDuel.Against) is { } peer
                ? CompareAsync(parsed, peer, plan, cancellation)
                : RunAsync(parsed, plan, cancellation));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, LatencyPlan plan, CancellationToken cancellation)
    {
        await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        var run = new LatencyRun(cluster, $"bench-latency-{Guid.NewGuid():N}", plan);
        await run.RunAsync(cancellation);
        var line = run.ToJson();
        line["machine"] = Machine.Describe();
        await Console.Out.WriteLineAsync(line.ToJsonString());
    }

    private static Task CompareAsync(ParseResult parsed, string peer, LatencyPlan plan, CancellationToken cancellation)
    {
        var result = new OrderedDictionary<string, object>
        {
            ["bench"] = "latency", ["rate"] = plan.Rate, ["records"] = plan.Records, ["size"] = plan.Size, ["acks"] = plan.Acks.ToString(),
        };
        var duel = new BrokerDuel(
            peer, parsed.GetValue(PeerOptions.Quads), ["p50", "p99", "p999"], BrokerBenchCommand.SettingsOf(parsed));
        return duel.RunAsync(broker => new LatencyRuns(broker, plan), result, cancellation);
    }
}
