using System.Diagnostics;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Bench.Peers;

/// <summary>Runs this program and a peer's as processes of their own, so that each begins as cold as the other.</summary>
internal sealed class PeerPrograms
{
    /// <summary>The directory of the peers' programs; found beside the repository when it is not set.</summary>
    public const string KitVariable = "STREAMFLOW_PEERS";

    private const string KafkaStreams = "kafka-streams";
    private const string Confluent = "confluent";
    private const string ConfluentProject = "StreamFlow.Peers.Confluent";

    private readonly string _peer;

    private PeerPrograms(string peer, string path) => (Peer, _peer) = (peer, path);

    /// <summary>The peer's name.</summary>
    public string Peer { get; }

    /// <summary>Finds Kafka Streams.</summary>
    /// <exception cref="UsageException">The peer is another one or its program is not there.</exception>
    public static PeerPrograms FindStreams(string peer) => Find(
        peer, KafkaStreams, Path.Combine("shared", "peers", KafkaStreams),
        $"its program is not beside this repository; set {KitVariable} to its directory");

    /// <summary>Finds Confluent.Kafka's program, which is built with the tests.</summary>
    /// <exception cref="UsageException">The peer is another one or its program is not there.</exception>
    public static PeerPrograms FindClient(string peer) => Find(
        peer, Confluent, Path.Combine("artifacts", "bin", ConfluentProject, "release", ConfluentProject),
        $"its program is not built: dotnet build tests/{ConfluentProject} -c Release; it needs Debian's librdkafka1");

    /// <summary>Runs <c>bench ARGUMENTS</c> of ours in a process.</summary>
    /// <returns>The last line it printed.</returns>
    public static Task<JsonObject> RunOursAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var program = Environment.ProcessPath!;
        IEnumerable<string> self = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Path.Combine(AppContext.BaseDirectory, "streamflow.dll")]
            : [];
        return RunAsync(program, self.Append("bench").Concat(arguments), cancellation);
    }

    /// <summary>Runs the peer's program.</summary>
    /// <returns>The last line it printed.</returns>
    public Task<JsonObject> RunPeerAsync(IEnumerable<string> arguments, CancellationToken cancellation) =>
        RunAsync(_peer, arguments, cancellation);

    private static PeerPrograms Find(string asked, string known, string path, string whyNot)
    {
        if (asked != known)
        {
            throw new UsageException($"--against {asked}: the peer there is is {known}");
        }

        if (Environment.GetEnvironmentVariable(KitVariable) is { Length: > 0 } kit && File.Exists(Path.Combine(kit, known)))
        {
            return new(known, Path.Combine(kit, known));
        }

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, path);
            if (File.Exists(candidate))
            {
                return new(known, candidate);
            }
        }

        throw new UsageException($"--against {known}: {whyNot}");
    }

    private static async Task<JsonObject> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        }) ?? throw new StreamFlowException($"{program} did not start");
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            var last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
            return process.ExitCode == 0 && last is not null
                ? JsonNode.Parse(last)!.AsObject()
                : throw new StreamFlowException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {(await errors).Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
