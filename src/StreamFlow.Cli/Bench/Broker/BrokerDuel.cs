using System.CommandLine;
using StreamFlow.Cli.Bench.Peers;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>
/// Starts our broker, and a peer's when there is one, in processes of their own and lets the same runs go over both in turn. Every run is
/// a JSON line; with a peer the last line holds the ratios.
/// </summary>
/// <param name="against">The peer, or null for one run of ours alone.</param>
/// <param name="quads">How often ours, peer, peer, ours.</param>
/// <param name="metrics">Figures of a run that are compared, ours divided by the peer's.</param>
/// <param name="settings"><c>key=value</c> for both brokers.</param>
internal sealed class BrokerDuel(string? against, int quads, IReadOnlyList<string> metrics, IReadOnlyList<string> settings)
{
    /// <summary>Which broker to compare with.</summary>
    public static Option<string?> Against { get; } = new("--against")
    {
        Description = "Runs this broker alternately and prints the ratio: kafka.", HelpName = "PEER",
    };

    /// <param name="open">The runs of a broker.</param>
    /// <param name="result">What was asked, for the closing line.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(
        Func<BrokerUnderTest, IBrokerRuns> open, OrderedDictionary<string, object> result, CancellationToken cancellation)
    {
        await using var ourBroker = BrokerUnderTest.Create(null, settings);
        await using var ours = open(ourBroker);
        if (against is null)
        {
            await ours.PrepareAsync(cancellation);
            await Console.Out.WriteLineAsync((await ours.RunAsync(cancellation)).ToJsonString());
            return;
        }

        // Made before anything runs, so that a missing kit is told at once.
        await using var theirBroker = BrokerUnderTest.Create(against, settings);
        await using var theirs = open(theirBroker);
        await ours.PrepareAsync(cancellation);
        await theirs.PrepareAsync(cancellation);
        await new PeerQuads(against, metrics).RunAsync(
            quads, (isOurs, _) => (isOurs ? ours : theirs).RunAsync(cancellation), result);
    }
}
