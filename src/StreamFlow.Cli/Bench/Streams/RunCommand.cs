using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Embedded;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary><c>bench streams run</c>: runs a topology over all records of its inputs and prints what that cost this process.</summary>
internal static class RunCommand
{
    private static readonly Option<long> ExpectInput = new("--expect-input")
    {
        Description = "Records of all inputs together, to be checked.", Required = true,
    };

    private static readonly Option<long> Warmup = new("--warmup") { Description = "Records to run over before in the same process." };
    private static readonly Option<string?> WarmupInput = new("--warmup-input")
    {
        Description = "Topic to warm up with. [default: --input]",
    };

    private static readonly Option<string?> WarmupInput2 = new("--warmup-input2")
    {
        Description = "Second topic to warm up with. [default: --input2]",
    };

    private static readonly Option<bool> Allocations = new("--allocations")
    {
        Description = "Prints what the user's code and the engine allocate in the second half, and which types; this costs time.",
    };

    public static Command Create()
    {
        var command = new Command("run", "Runs a topology over all records of its inputs and prints what that cost.")
        {
            StreamsBenchOptions.Bootstrap, StreamsBenchOptions.Topology, StreamsBenchOptions.Input, StreamsBenchOptions.Input2,
            StreamsBenchOptions.OutputTopic, ExpectInput, StreamsBenchOptions.State, StreamsBenchOptions.Threads, StreamsBenchOptions.Cache,
            StreamsBenchOptions.Eos, StreamsBenchOptions.CommitMs, StreamsBenchOptions.ApplicationId, Warmup, WarmupInput, WarmupInput2,
            Allocations, PeerOptions.Against, PeerOptions.Quads,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var setup = ApplicationSetup.Of(parsed);
            await using var cluster = await Cluster.OpenAsync(StreamsBenchOptions.ClusterOf(parsed));
            if (parsed.GetValue(PeerOptions.Against) is { } peer)
            {
                await CompareAsync(peer, setup, parsed, cluster, cancellation);
                return ExitCodes.Done;
            }

            var warmup = parsed.GetValue(Warmup);
            if (warmup > 0)
            {
                var warm = setup.WarmUp(parsed.GetValue(WarmupInput) ?? setup.Input, parsed.GetValue(WarmupInput2) ?? setup.Input2);
                await TopologyRun.WarmUpAsync(warm, warmup, cluster, cancellation);
            }

            using var types = parsed.GetValue(Allocations) ? new AllocationTypes() : null;
            var result = await TopologyRun.MeasureAsync(setup, parsed.GetValue(ExpectInput), cluster, types, cancellation);
            result.Print(warmup);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Task CompareAsync(
        string peer, ApplicationSetup setup, ParseResult parsed, ICluster cluster, CancellationToken cancellation)
    {
        List<string> extra =
        [
            ExpectInput.Name, parsed.GetValue(ExpectInput).ToString(CultureInfo.InvariantCulture),
            Warmup.Name, parsed.GetValue(Warmup).ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var option in (Option<string?>[])[WarmupInput, WarmupInput2])
        {
            if (parsed.GetValue(option) is { } topic)
            {
                extra.AddRange([option.Name, topic]);
            }
        }

        var comparison = new RunComparison(
            setup, extra, StreamsBenchOptions.ClusterOf(parsed), cluster, PeerPrograms.FindStreams(peer));
        return comparison.RunAsync(parsed.GetValue(PeerOptions.Quads), cancellation);
    }
}
