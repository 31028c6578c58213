using System.CommandLine;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Embedded;
using StreamFlow.Streams.State;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary><c>bench streams restore</c>: how fast the store of an application that has run comes back from its changelog.</summary>
internal static class RestoreCommand
{
    private static readonly Option<int> Rounds = new("--rounds") { Description = "How often.", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        var command = new Command("restore", "After a run with the same id: deletes the local state and measures its restoration.")
        {
            StreamsBenchOptions.Bootstrap, StreamsBenchOptions.Topology, StreamsBenchOptions.Input, StreamsBenchOptions.Input2,
            StreamsBenchOptions.OutputTopic, StreamsBenchOptions.State, StreamsBenchOptions.ApplicationId, StreamsBenchOptions.Threads,
            StreamsBenchOptions.Cache, StreamsBenchOptions.Eos, StreamsBenchOptions.CommitMs, Rounds, PeerOptions.Against,
            PeerOptions.Quads,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var setup = ApplicationSetup.Of(parsed);
            await using var cluster = await Cluster.OpenAsync(StreamsBenchOptions.ClusterOf(parsed));
            if (parsed.GetValue(PeerOptions.Against) is { } peer)
            {
                var comparison = new RestoreComparison(
                    setup, StreamsBenchOptions.ClusterOf(parsed), cluster, PeerPrograms.FindStreams(peer));
                await comparison.RunAsync(parsed.GetValue(PeerOptions.Quads), parsed.GetValue(Rounds), cancellation);
                return ExitCodes.Done;
            }

            if ((await BenchTopics.CommittedAsync(cluster.Admin, setup.Id, cancellation)).Count == 0)
            {
                throw new UsageException($"application id {setup.Id} has not run: nothing to restore");
            }

            for (var round = 1; round <= parsed.GetValue(Rounds); round++)
            {
                await RestoreAsync(setup, cluster, round, cancellation);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RestoreAsync(ApplicationSetup setup, ICluster cluster, int round, CancellationToken cancellation)
    {
        if (Directory.Exists(setup.StateOfApplication))
        {
            Directory.Delete(setup.StateOfApplication, recursive: true);
        }

        await using var application = new BenchApplication(setup, cluster);
        var begun = ProcessMeter.Now();
        await application.Streams.StartAsync(cancellation);
        await application.Streams.WaitUntilRunningAsync(cancellation);
        var end = ProcessMeter.Now();
        var start = application.Meters.RestoreStart ?? end;
        var seconds = end.SecondsSince(start);
        var records = application.Streams.RestoredRecords;
        var keys = await KeysAsync(application, setup, cluster, cancellation);
        JsonLine.Print(new()
        {
            ["round"] = round,
            ["keys"] = keys,
            ["records"] = records,
            ["seconds"] = seconds,
            ["cpuSeconds"] = end.CpuSecondsSince(start),
            ["recordsPerSecond"] = Math.Round(records / seconds),
            ["secondsFromStart"] = end.SecondsSince(begun),
            ["peakRssMb"] = ProcessMeter.PeakRssMb(),
            ["settings"] = setup.Describe(),
        });
    }

    /// <summary>Keys of all tasks; asks again while a rebalance moves some of them between threads.</summary>
    private static async Task<long> KeysAsync(
        BenchApplication application, ApplicationSetup setup, ICluster cluster, CancellationToken cancellation)
    {
        var partitions = await BenchTopics.PartitionsAsync(cluster.Admin, [setup.Input], cancellation);
        while (true)
        {
            var keys = await application.Streams.QueryAsync<IReadOnlyKeyValueStore<string, ValueAndTimestamp<long>>, long>(
                "counts", static store => store.All().LongCount(), cancellation);
            if (keys.Count == partitions.Count)
            {
                return keys.Sum();
            }
        }
    }
}
