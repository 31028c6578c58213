using System.Globalization;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Client;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>Runs of the same topology by ours and a peer in turn, over the same topics; their outputs must be equal.</summary>
/// <param name="setup">What to run; every run gets a name of its own.</param>
/// <param name="extra">Options to hand on beside those of the setup.</param>
/// <param name="bootstrap">Where both find the cluster.</param>
/// <param name="cluster">The cluster.</param>
/// <param name="programs">The peer.</param>
internal sealed class RunComparison(
    ApplicationSetup setup, IReadOnlyList<string> extra, string bootstrap, ICluster cluster, PeerPrograms programs)
{
    private string? _sha256;

    /// <exception cref="StreamFlowException">A run failed, or outputs differ.</exception>
    public async Task RunAsync(int quads, CancellationToken cancellation)
    {
        var result = new OrderedDictionary<string, object> { ["bench"] = "streams run", ["topology"] = setup.Topology };
        await new PeerQuads(programs.Peer, "cpuMicrosPerRecord").RunAsync(quads, (isOurs, n) => RunAsync(isOurs, n, cancellation), result);
    }

    /// <summary>The arguments of a run with the names of a setup.</summary>
    public static List<string> Arguments(string command, string bootstrap, ApplicationSetup setup)
    {
        List<string> arguments =
        [
            command, "--bootstrap", bootstrap, "--topology", setup.Topology, "--input", setup.Input, "--output", setup.Output,
            "--state", setup.State, "--application-id", setup.Id, "--threads", Text(setup.Threads), "--cache", Text(setup.CacheBytes),
            "--commit-ms", Text(setup.CommitMs),
        ];
        if (setup.Input2 is { } second)
        {
            arguments.AddRange(["--input2", second]);
        }

        if (setup.ExactlyOnce)
        {
            arguments.Add("--eos");
        }

        return arguments;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<JsonObject> RunAsync(bool isOurs, int number, CancellationToken cancellation)
    {
        var name = $"{setup.Output}-{number}";
        var own = setup with { Id = $"{setup.Id}-{number}", Output = name, State = Path.Combine(setup.State, name) };
        var arguments = Arguments("run", bootstrap, own).Concat(extra);
        var line = await (isOurs
            ? PeerPrograms.RunOursAsync(arguments.Prepend("streams"), cancellation)
            : programs.RunPeerAsync(arguments, cancellation));
        var sum = await TopicChecksum.ReadAsync(cluster, name, ModeOf(setup.Topology), cancellation);
        line["sha256"] = sum.Sha256;
        if ((_sha256 ??= sum.Sha256) != sum.Sha256)
        {
            throw new StreamFlowException($"the output {name} differs from that of the runs before: {sum.Sha256}, not {_sha256}");
        }

        if (Directory.Exists(own.State))
        {
            Directory.Delete(own.State, recursive: true);
        }

        await BenchTopics.DeleteAsync(cluster.Admin, own.Id, cancellation);
        await BenchTopics.DeleteAsync(cluster.Admin, name, cancellation);
        return line;
    }

    private static string ModeOf(string topology) => topology is "passthrough" or "map-json" or "filter" or "join-table" or "join-stream"
        ? TopicChecksum.All
        : TopicChecksum.FinalPerKey;
}
