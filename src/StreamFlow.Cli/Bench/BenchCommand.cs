using System.CommandLine;
using StreamFlow.Cli.Bench.Client;
using StreamFlow.Cli.Bench.Limits;
using StreamFlow.Cli.Bench.Nexmark;
using StreamFlow.Cli.Bench.Streams;

namespace StreamFlow.Cli.Bench;

/// <summary><c>bench NAME</c>: the benchmark suite.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var bench = new Command("bench", "Measures StreamFlow against its limits and its peers.");
        bench.Subcommands.Add(LimitsCommand.Create());
        bench.Subcommands.Add(ClientBenchCommand.Create());
        bench.Subcommands.Add(NexmarkCommand.Create());
        bench.Subcommands.Add(StreamsBenchCommand.Create());
        return bench;
    }
}
