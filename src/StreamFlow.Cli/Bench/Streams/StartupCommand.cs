using System.CommandLine;
using System.Diagnostics;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;
using StreamFlow.Client.Consuming;
using StreamFlow.Embedded;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary><c>bench streams startup</c>: from the start of the process to the first record in the output of <c>passthrough</c>.</summary>
internal static class StartupCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    public static Command Create()
    {
        var command = new Command("startup", "From the start of the process to the first output record; the output exists and is empty.")
        {
            StreamsBenchOptions.Bootstrap, StreamsBenchOptions.Input, StreamsBenchOptions.OutputTopic, StreamsBenchOptions.State,
            StreamsBenchOptions.ApplicationId, PeerOptions.Against, PeerOptions.Quads,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var main = TimeProvider.System.GetUtcNow();
            var output = parsed.GetRequiredValue(StreamsBenchOptions.OutputTopic);
            var setup = new ApplicationSetup(
                parsed.GetValue(StreamsBenchOptions.ApplicationId) ?? $"startup-{main.ToUnixTimeMilliseconds()}", "passthrough",
                parsed.GetRequiredValue(StreamsBenchOptions.Input), null, output,
                Path.GetFullPath(parsed.GetRequiredValue(StreamsBenchOptions.State)), 1, 0, 100, false);
            var place = StreamsBenchOptions.ClusterOf(parsed);
            if (parsed.GetValue(PeerOptions.Against) is { } peer)
            {
                await using var cluster = await Cluster.OpenAsync(place);
                var comparison = new StartupComparison(setup, place, cluster, PeerPrograms.FindStreams(peer));
                await comparison.RunAsync(parsed.GetValue(PeerOptions.Quads), cancellation);
                return ExitCodes.Done;
            }

            await RunAsync(place, setup, main, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(string place, ApplicationSetup setup, DateTimeOffset main, CancellationToken cancellation)
    {
        await using var cluster = await Cluster.OpenAsync(place);
        await using var consumer = cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        await using var application = new BenchApplication(setup, cluster);
        await application.Streams.StartAsync(cancellation);
        var partitions = await BenchTopics.PartitionsAsync(cluster.Admin, [setup.Output], cancellation);
        consumer.Assign(partitions);
        consumer.SeekToBeginning(partitions);
        while (true)
        {
            using var batch = await consumer.PollAsync(Wait, cancellation);
            if (batch is not null)
            {
                break;
            }

            if (TimeProvider.System.GetUtcNow() - main > Limit)
            {
                throw new TimeoutException("no output within 60 s");
            }
        }

        Print(main, TimeProvider.System.GetUtcNow());
    }

    private static void Print(DateTimeOffset main, DateTimeOffset first)
    {
        using var process = Process.GetCurrentProcess();
        var start = new DateTimeOffset(process.StartTime);
        JsonLine.Print(new()
        {
            ["jvmToMainMs"] = Math.Round((main - start).TotalMilliseconds),
            ["jvmToFirstOutputMs"] = Math.Round((first - start).TotalMilliseconds),
            ["cpuSeconds"] = ProcessMeter.Round(process.TotalProcessorTime.TotalSeconds),
            ["peakRssMb"] = ProcessMeter.PeakRssMb(),
        });
    }
}
