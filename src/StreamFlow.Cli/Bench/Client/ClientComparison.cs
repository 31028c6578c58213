using System.Globalization;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Broker;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Client;

/// <summary>Our client and a peer's in turn, each run a process of its own, on the same broker.</summary>
/// <param name="Name">produce or consume.</param>
/// <param name="Records">Records that count.</param>
/// <param name="Warmup">Records before them that do not.</param>
/// <param name="Size">Bytes of each value.</param>
/// <param name="Acks">What a producer waits for; null for a consumer.</param>
/// <param name="HasReports">Whether a producer is told what became of its records.</param>
internal sealed record ClientComparison(string Name, int Records, int Warmup, int Size, Acks? Acks, bool HasReports)
{
    private const string ConsumedTopic = "bench-client-consume";

    /// <param name="peer">The peer.</param>
    /// <param name="quads">How often ours, peer, peer, ours.</param>
    /// <param name="cluster">host:port of the broker; null starts one of ours.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(PeerPrograms peer, int quads, string? cluster, CancellationToken cancellation)
    {
        if (cluster is not null)
        {
            await RunAsync(peer, quads, cluster, isOwnBroker: false, cancellation);
            return;
        }

        await using var broker = BrokerUnderTest.Create(null, []);
        await broker.StartAsync(cancellation);
        await RunAsync(peer, quads, broker.Address, isOwnBroker: true, cancellation);
    }

    private async Task RunAsync(PeerPrograms peer, int quads, string address, bool isOwnBroker, CancellationToken cancellation)
    {
        if (Acks is null)
        {
            await FillAsync(address, cancellation);
        }

        var result = new OrderedDictionary<string, object>
        {
            ["bench"] = $"client.{Name}", ["records"] = Records, ["warmup"] = Warmup, ["size"] = Size,
            ["acks"] = Acks?.ToString() ?? "", ["deliveryReports"] = HasReports, ["broker"] = isOwnBroker ? "streamflow" : address,
        };
        await new PeerQuads(peer.Peer, "cpuMicrosPerRecord").RunAsync(
            quads, (isOurs, number) => RunAsync(peer, isOurs, address, number, cancellation), result);
    }

    private Task<JsonObject> RunAsync(PeerPrograms peer, bool isOurs, string address, int number, CancellationToken cancellation)
    {
        var topic = Acks is null ? ConsumedTopic : string.Create(CultureInfo.InvariantCulture, $"bench-client-{number}");
        string[] arguments =
        [
            Name, "--cluster", address, "--topic", topic, "--records", Text(Records), "--warmup", Text(Warmup), "--size", Text(Size),
            .. Acks is { } acks ? ["--acks", Text((int)acks)] : Array.Empty<string>(),
            .. HasReports ? ["--delivery-reports"] : Array.Empty<string>(),
        ];
        return isOurs
            ? PeerPrograms.RunOursAsync(arguments.Prepend("client"), cancellation)
            : peer.RunPeerAsync(arguments, cancellation);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task FillAsync(string address, CancellationToken cancellation)
    {
        await using var cluster = RemoteCluster.Open(address);
        await cluster.Admin.CreateTopicsAsync([new NewTopic(ConsumedTopic, 1)], ignoreExisting: false, cancellation);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await producer.PartitionsForAsync(ConsumedTopic, cancellation);
        await new ClientLoad(ConsumedTopic, Records + Warmup, 1, cluster.Clock).ProduceAsync(producer, new byte[Size], cancellation);
    }
}
