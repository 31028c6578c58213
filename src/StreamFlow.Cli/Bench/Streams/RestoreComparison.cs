using System.Globalization;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Client;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>
/// Restorations of the same store by ours and a peer in turn. Each runs the topology once before; of a process' rounds the last one counts.
/// </summary>
internal sealed class RestoreComparison(ApplicationSetup setup, string bootstrap, ICluster cluster, PeerPrograms programs)
{
    private const string Metric = "keysPerCpuSecond";

    public async Task RunAsync(int quads, int rounds, CancellationToken cancellation)
    {
        var records = (await BenchTopics.EndOffsetsAsync(cluster.Admin, setup.Inputs, cancellation)).Values.Sum();
        foreach (var isOurs in (bool[])[true, false])
        {
            var own = SetupOf(isOurs);
            var arguments = RunComparison.Arguments("run", bootstrap, own)
                .Concat(["--expect-input", records.ToString(CultureInfo.InvariantCulture)]);
            await (isOurs
            ? PeerPrograms.RunOursAsync(arguments.Prepend("streams"), cancellation)
            : programs.RunPeerAsync(arguments, cancellation));
        }

        var result = new OrderedDictionary<string, object> { ["bench"] = "streams restore", ["topology"] = setup.Topology };
        await new PeerQuads(programs.Peer, Metric).RunAsync(quads, (isOurs, _) => RestoreAsync(isOurs, rounds, cancellation), result);
        foreach (var isOurs in (bool[])[true, false])
        {
            var own = SetupOf(isOurs);
            Directory.Delete(own.State, recursive: true);
            await BenchTopics.DeleteAsync(cluster.Admin, own.Id, cancellation);
            await BenchTopics.DeleteAsync(cluster.Admin, own.Output, cancellation);
        }
    }

    private ApplicationSetup SetupOf(bool isOurs)
    {
        var name = $"{setup.Output}-{(isOurs ? "streamflow" : programs.Peer)}";
        return setup with { Id = $"{setup.Topology}-{name}", Output = name, State = Path.Combine(setup.State, name) };
    }

    private async Task<JsonObject> RestoreAsync(bool isOurs, int rounds, CancellationToken cancellation)
    {
        var arguments = RunComparison.Arguments("restore", bootstrap, SetupOf(isOurs))
            .Concat(["--rounds", rounds.ToString(CultureInfo.InvariantCulture)]);
        var line = await (isOurs
            ? PeerPrograms.RunOursAsync(arguments.Prepend("streams"), cancellation)
            : programs.RunPeerAsync(arguments, cancellation));
        line[Metric] = ProcessMeter.Round((double)line["keys"]! / (double)line["cpuSeconds"]!);
        return line;
    }
}
