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
/// <param name="Steady">The part of the run in which nothing grew any more; null when there was none.</param>
/// <param name="Types">What was allocated meanwhile; null when it was not asked for.</param>
internal sealed record TopologyRun(
    ApplicationSetup Setup, long Records, ProcessMeter Start, ProcessMeter End, long OutputRecords, long ChangelogRecords,
    (RunMark Start, RunMark End)? Steady, AllocationTypes? Types)
{
    private const int TypesShown = 12;

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
    /// <param name="setup">What to run.</param>
    /// <param name="expected">Records of all inputs.</param>
    /// <param name="cluster">Where.</param>
    /// <param name="types">Counts allocations while the run is steady, and the user's code is metered; null for neither.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="UsageException">The application ran before, or the inputs hold another number of records.</exception>
    public static async Task<TopologyRun> MeasureAsync(
        ApplicationSetup setup, long expected, ICluster cluster, AllocationTypes? types, CancellationToken cancellation)
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

        await using var application = new BenchApplication(setup, cluster, metersUserCode: types is not null);
        var records = (await BenchTopics.EndOffsetsAsync(cluster.Admin, setup.Inputs, cancellation)).Values.Sum();
        if (records != expected)
        {
            throw new UsageException($"the inputs hold {records} records, not {expected}");
        }

        var meters = application.Meters;
        meters.WatchSteady(records / 2, records, types is null ? null : types.Start);
        await application.Streams.StartAsync(cancellation);
        await application.WhenArrivedAsync(records, cancellation);
        types?.Stop();
        await application.WhenAllCommittedAsync(cancellation);
        var end = ProcessMeter.Now();
        return new TopologyRun(
            setup, records, meters.FirstArrival ?? end, end, meters.Sent(setup.Output), meters.Sent("-changelog"), meters.Steady, types);
    }

    /// <summary>Prints it as a JSON line.</summary>
    public void Print(long warmup)
    {
        var wall = End.SecondsSince(Start);
        var cpu = End.CpuSecondsSince(Start);
        var settings = Setup.Describe();
        settings["warmupRecords"] = warmup;
        var line = new OrderedDictionary<string, object>
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
        };
        AddSteady(line);
        JsonLine.Print(line);
    }

    private void AddSteady(OrderedDictionary<string, object> line)
    {
        if (Steady is not var (from, to) || to.Arrived <= from.Arrived)
        {
            return;
        }

        double records = to.Arrived - from.Arrived;
        var bytes = to.Meter.AllocatedBytes - from.Meter.AllocatedBytes;
        var at = line.IndexOf("outputRecords");
        line.Insert(at++, "steadyRecords", to.Arrived - from.Arrived);
        line.Insert(at++, "steadyCpuMicrosPerRecord", ProcessMeter.Round(to.Meter.CpuSecondsSince(from.Meter) * 1e6 / records));
        line.Insert(at++, "steadyBytesAllocatedPerRecord", ProcessMeter.Round(bytes / records));
        if (Types is not null)
        {
            var user = to.UserBytes - from.UserBytes;
            line.Insert(at++, "steadyUserBytesPerRecord", ProcessMeter.Round(user / records));
            line.Insert(at++, "steadyMeasuringBytesPerRecord", ProcessMeter.Round(Types.OwnBytes / records));
            line.Insert(at++, "steadyEngineBytesPerRecord", ProcessMeter.Round((bytes - user - Types.OwnBytes) / records));
            line.Insert(at, "steadyTypes", Types.Top(TypesShown).ToDictionary(t => t.Key, t => ProcessMeter.Round(t.Value / records)));
        }
    }
}
