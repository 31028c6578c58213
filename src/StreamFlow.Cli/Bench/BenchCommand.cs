using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Bench.Broker;
using StreamFlow.Cli.Bench.Client;
using StreamFlow.Cli.Bench.Latency;
using StreamFlow.Cli.Bench.Limits;
using StreamFlow.Cli.Bench.Nexmark;
using StreamFlow.Cli.Bench.Streams;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench;

/// <summary><c>bench NAME</c>: the benchmark suite.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var bench = new Command("bench", "Measures StreamFlow against its limits and its peers.");
        bench.Subcommands.Add(LimitsCommand.Create());
        bench.Subcommands.Add(ClientBenchCommand.Create());
        bench.Subcommands.Add(BrokerBenchCommand.Create());
        bench.Subcommands.Add(LatencyCommand.Create());
        bench.Subcommands.Add(NexmarkCommand.Create());
        bench.Subcommands.Add(StreamsBenchCommand.Create());
        bench.Subcommands.Add(List(bench));
        return bench;
    }

    private static Command List(Command bench)
    {
        var list = new Command("list", "Prints every benchmark with one line.");
        list.Runs(async (_, _) =>
        {
            foreach (var (name, description) in LeavesOf(bench, bench.Name).Where(leaf => leaf.Name != "bench list"))
            {
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {description}"));
            }

            return ExitCodes.Done;
        });
        return list;
    }

    private static IEnumerable<(string Name, string Description)> LeavesOf(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command.Description ?? "")]
        : command.Subcommands.SelectMany(child => LeavesOf(child, $"{path} {child.Name}"));
}
