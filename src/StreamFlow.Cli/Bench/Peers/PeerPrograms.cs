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

    private readonly string _peer;

    private PeerPrograms(string peer, string path) => (Peer, _peer) = (peer, path);

    /// <summary>The peer's name.</summary>
    public string Peer { get; }

    /// <summary>Finds a peer.</summary>
    /// <exception cref="UsageException">The peer is unknown or its program is not there.</exception>
    public static PeerPrograms Find(string peer)
    {
        if (peer != "kafka-streams")
        {
            throw new UsageException($"--against {peer}: the peer there is is kafka-streams");
        }

        if (Environment.GetEnvironmentVariable(KitVariable) is { Length: > 0 } kit)
        {
            return new(peer, Path.Combine(kit, peer));
        }

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "shared", "peers", peer);
            if (File.Exists(path))
            {
                return new(peer, path);
            }
        }

        throw new UsageException($"--against {peer}: its program is not beside this repository; set {KitVariable} to its directory");
    }

    /// <summary>Runs <c>bench streams ARGUMENTS</c> of ours in a process.</summary>
    /// <returns>The last line it printed.</returns>
    public static Task<JsonObject> RunOursAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var program = Environment.ProcessPath!;
        IEnumerable<string> self = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Path.Combine(AppContext.BaseDirectory, "streamflow.dll")]
            : [];
        return RunAsync(program, self.Concat(["bench", "streams"]).Concat(arguments), cancellation);
    }

    /// <summary>Runs the peer's program with the same arguments.</summary>
    /// <returns>The last line it printed.</returns>
    public Task<JsonObject> RunPeerAsync(IEnumerable<string> arguments, CancellationToken cancellation) =>
        RunAsync(_peer, arguments, cancellation);

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
