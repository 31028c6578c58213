using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>What one run of a topology cost this process.</summary>
/// <param name="Setup">What ran.</param>
/// <param name="Records">Input records.</param>
/// <param name="Start">When the first of them arrived.</param>
/// <param name="End">When the last commit was seen.</param>
/// <param name="OutputRecords">Records sent to the output.</param>
/// <param name="ChangelogRecords">Records sent to changelogs.</param>
internal sealed record TopologyRun(
    ApplicationSetup Setup, long Records, ProcessMeter Start, ProcessMeter End, long OutputRecords, long ChangelogRecords)
{
    /// <summary>Runs over the first records of the inputs, throws the results away and collects garbage.</summary>
    public static async Task WarmUpAsync(ApplicationSetup setup, long records, ICluster cluster, CancellationToken cancellation)
    {
        var partitions = await BenchTopics.PartitionsAsync(cluster.Admin, [setup.Input], cancellation);
        await BenchTopics.CreateAsync(cluster.Admin, setup.Output, partitions.Count, cancellation);
        await using (var application = new BenchApplication(setup, cluster))
        {
            var ends = await BenchTopics.EndOffsetsAsync(cluster.Admin, setup.Inputs, cancellation);
            await application.Streams.StartAsync(cancellation);
            await application.WhenArrivedAsync(Math.Min(records, ends.Values.Sum()), cancellation);
        }

        Directory.Delete(setup.StateOfApplication, recursive: true);
        await BenchTopics.DeleteAsync(cluster.Admin, setup.Id, cancellation);
        await BenchTopics.DeleteAsync(cluster.Admin, setup.Output, cancellation);
        GC.Collect();
    }

    /// <summary>Runs until everything is committed.</summary>
    /// <exception cref="UsageException">The application ran before, or the inputs hold another number of records.</exception>
    public static async Task<TopologyRun> MeasureAsync(
        ApplicationSetup setup, long expected, ICluster cluster, CancellationToken cancellation)
    {
        if ((await BenchTopics.CommittedAsync(cluster.Admin, setup.Id, cancellation)).Count > 0)
        {
            throw new UsageException($"application id {setup.Id} has run already");
        }

        if (!await BenchTopics.ExistsAsync(cluster.Admin, setup.Output, cancellation))
        {
            var partitions = await BenchTopics.PartitionsAsync(cluster.Admin, [setup.Input], cancellation);
            await BenchTopics.CreateAsync(cluster.Admin, setup.Output, partitions.Count, cancellation);
        }

        await using var application = new BenchApplication(setup, cluster);
        var records = (await BenchTopics.EndOffsetsAsync(cluster.Admin, setup.Inputs, cancellation)).Values.Sum();
        if (records != expected)
        {
            throw new UsageException($"the inputs hold {records} records, not {expected}");
        }

        await application.Streams.StartAsync(cancellation);
        await application.WhenAllCommittedAsync(cancellation);
        var end = ProcessMeter.Now();
        var meters = application.Meters;
        return new TopologyRun(setup, records, meters.FirstArrival ?? end, end, meters.Sent(setup.Output), meters.Sent("-changelog"));
    }

    /// <summary>Prints it as a JSON line.</summary>
    public void Print(long warmup)
    {
        var wall = End.SecondsSince(Start);
        var cpu = End.CpuSecondsSince(Start);
        var settings = Setup.Describe();
        settings["warmupRecords"] = warmup;
        JsonLine.Print(new()
        {
            ["topology"] = Setup.Topology,
            ["records"] = Records,
            ["wallSeconds"] = wall,
            ["cpuSeconds"] = cpu,
            ["cpuMicrosPerRecord"] = ProcessMeter.Round(cpu * 1e6 / Records),
            ["recordsPerSecond"] = Math.Round(Records / wall),
            ["peakRssMb"] = ProcessMeter.PeakRssMb(),
            ["gcSeconds"] = End.GcSecondsSince(Start),
            ["bytesAllocatedPerRecord"] = ProcessMeter.Round((double)(End.AllocatedBytes - Start.AllocatedBytes) / Records),
            ["outputRecords"] = OutputRecords,
            ["changelogRecords"] = ChangelogRecords,
            ["settings"] = settings,
        });
    }
}
