using System.CommandLine;

namespace StreamFlow.Cli.Bench.Peers;

/// <summary>Options of benchmarks that run a peer alternately.</summary>
internal static class PeerOptions
{
    public static Option<string?> Against { get; } = new("--against")
    {
        Description = "Runs this peer alternately and prints the ratio: kafka-streams.", HelpName = "PEER",
    };

    public static Option<int> Quads { get; } = new("--quads")
    {
        Description = "With --against: how often to run ours, peer, peer, ours.", DefaultValueFactory = _ => 1,
    };
}
