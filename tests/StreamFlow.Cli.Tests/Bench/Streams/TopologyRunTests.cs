using StreamFlow.Cli.Bench.Streams;
using Xunit.Abstractions;

namespace StreamFlow.Cli.Tests.Bench.Streams;

/// <summary>The outputs of the side-by-side topologies are those of Kafka Streams, byte for byte, whatever the settings.</summary>
[Trait("Category", "Integration")]
public sealed class TopologyRunTests(LoadedCluster cluster, ITestOutputHelper log) : IClassFixture<LoadedCluster>
{
    private const long Cache = 10 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [RecordedTheory]
    [InlineData("bids")]
    [InlineData("bids-by-bidder")]
    [InlineData("bids-uniform")]
    [InlineData("auctions-100")]
    [InlineData("persons")]
    public async Task Loaded_inputs_are_the_recorded_ones(string input)
    {
        await cluster.LoadAsync(input);

        var sum = await TopicChecksum.ReadAsync(cluster.Cluster, input, TopicChecksum.All, CancellationToken.None);

        var recorded = RecordedTopologies.Instance!.Inputs[input]!;
        Assert.Equal(recorded["recordsPerPartition"]!.AsArray().Select(n => (long)n!), sum.RecordsPerPartition);
        Assert.Equal((string)recorded["sha256"]!, sum.Sha256);
    }

    [RecordedTheory]
    [InlineData("passthrough", 2, Cache, false)]
    [InlineData("map-json", 1, Cache, false)]
    [InlineData("filter", 2, Cache, true)]
    [InlineData("count", 1, 0, false)]
    [InlineData("count", 2, Cache, false)]
    [InlineData("count-many-keys", 2, Cache, false)]
    [InlineData("eos-count", 2, 0, true)]
    [InlineData("window-tumbling", 2, Cache, true)]
    [InlineData("window-hopping", 1, Cache, false)]
    [InlineData("window-hopping", 2, 0, false)]
    [InlineData("session", 1, 0, true)]
    [InlineData("session", 2, Cache, false)]
    [InlineData("join-table", 2, Cache, false)]
    [InlineData("join-table", 1, 0, true)]
    [InlineData("join-stream", 2, Cache, false)]
    [InlineData("join-fk", 2, Cache, false)]
    [InlineData("join-fk", 1, 0, true)]
    [InlineData("repartition", 2, 0, true)]
    [InlineData("repartition", 1, Cache, false)]
    public async Task Outputs_are_those_of_Kafka_Streams(string topology, int threads, long cacheBytes, bool exactlyOnce)
    {
        var recorded = RecordedTopologies.Instance!.CaseOf(topology);
        var inputs = new List<string>();
        foreach (var input in recorded["inputs"]!.AsArray())
        {
            inputs.Add(await cluster.LoadAsync((string)input!));
        }

        var output = $"{topology}-{threads}-{cacheBytes}-{exactlyOnce}";
        var setup = new ApplicationSetup(
            $"app-{output}", topology, inputs[0], inputs.ElementAtOrDefault(1), output, cluster.StateDirectory, threads, cacheBytes, 100,
            exactlyOnce);
        using var limit = new CancellationTokenSource(Limit);

        var run = await TopologyRun.MeasureAsync(setup, (long)recorded["inputRecords"]!, cluster.Cluster, null, limit.Token);
        var sum = await TopicChecksum.ReadAsync(cluster.Cluster, output, (string)recorded["mode"]!, limit.Token);

        log.WriteLine($"{run.End.CpuSecondsSince(run.Start)} s of CPU, {run.OutputRecords} records out");
        Assert.Equal((long)recorded["lines"]!, sum.Lines);
        Assert.Equal((string)recorded["sha256"]!, sum.Sha256);
    }
}
