using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Client;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>Starts of <c>passthrough</c> by ours and a peer in turn, each with an output topic of its own.</summary>
internal sealed class StartupComparison(ApplicationSetup setup, string bootstrap, ICluster cluster, PeerPrograms programs)
{
    public Task RunAsync(int quads, CancellationToken cancellation) => new PeerQuads(programs.Peer, "jvmToFirstOutputMs").RunAsync(
        quads, (isOurs, n) => StartAsync(isOurs, n, cancellation), new() { ["bench"] = "streams startup" });

    private async Task<JsonObject> StartAsync(bool isOurs, int number, CancellationToken cancellation)
    {
        var output = $"{setup.Output}-{number}";
        var partitions = await BenchTopics.PartitionsAsync(cluster.Admin, [setup.Input], cancellation);
        await BenchTopics.CreateAsync(cluster.Admin, output, partitions.Count, cancellation);
        string[] arguments =
        [
            "startup", "--bootstrap", bootstrap, "--input", setup.Input, "--output", output, "--state", setup.State,
            "--application-id", $"{setup.Id}-{number}",
        ];
        var line = await (isOurs
            ? PeerPrograms.RunOursAsync(arguments.Prepend("streams"), cancellation)
            : programs.RunPeerAsync(arguments, cancellation));
        await BenchTopics.DeleteAsync(cluster.Admin, output, cancellation);
        return line;
    }
}
