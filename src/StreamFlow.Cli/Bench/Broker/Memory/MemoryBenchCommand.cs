using System.CommandLine;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Broker.Memory;

/// <summary><c>bench broker memory</c>: resident memory, idle, with many partitions, and with many connections besides.</summary>
internal static class MemoryBenchCommand
{
    private static readonly Option<int> Partitions = new("--partitions")
    {
        Description = "Partitions to create, 100 a topic.", DefaultValueFactory = _ => 10_000,
    };

    private static readonly Option<int> Connections = new("--connections")
    {
        Description = "Connections to open; a process needs a file for each (ulimit -n), the broker one for each used partition besides.",
        DefaultValueFactory = _ => 1000,
    };

    public static Command Create()
    {
        var command = new Command("memory", "Resident memory of the broker: idle, with many partitions, with many connections.")
        {
            Partitions, Connections, BrokerDuel.Against, PeerOptions.Quads,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var load = new MemoryLoad(parsed.GetValue(Partitions), parsed.GetValue(Connections));
            var result = new OrderedDictionary<string, object>
            {
                ["bench"] = "broker.memory", ["partitions"] = load.Partitions, ["connections"] = load.Connections,
            };
            var duel = new BrokerDuel(
                parsed.GetValue(BrokerDuel.Against), parsed.GetValue(PeerOptions.Quads),
                ["idleMiB", "partitionsMiB", "connectionsMiB"], BrokerBenchCommand.SettingsOf(parsed));
            await duel.RunAsync(broker => new MemoryRuns(broker, load), result, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
