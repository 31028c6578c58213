using System.Globalization;
using System.Text.Json.Nodes;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Transport;

namespace StreamFlow.Cli.Bench.Broker.Memory;

/// <summary>
/// Starts of one broker without topics: what it takes when idle, then with partitions, then with connections.
/// </summary>
/// <param name="broker">The broker; it runs only during a run.</param>
/// <param name="load">What it has to hold.</param>
internal sealed class MemoryRuns(BrokerUnderTest broker, MemoryLoad load) : IBrokerRuns
{
    private const int PartitionsOfATopic = 100;
    private const int ConnectingAtOnce = 64;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private int _number;

    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<JsonObject> RunAsync(CancellationToken cancellation)
    {
        await broker.StartAsync(cancellation);
        var idle = await SettledAsync(cancellation);
        await CreateAsync(cancellation);
        var withPartitions = await SettledAsync(cancellation);
        var files = OpenFiles();
        await using var transport = new TcpTransport("bench", Timeout, TimeProvider.System);
        var connections = await ConnectAsync(transport, cancellation);
        var withConnections = await SettledAsync(cancellation);
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }

        await RemoveAsync(cancellation);
        await broker.StopAsync();
        return new JsonObject
        {
            ["bench"] = "broker.memory",
            ["partitions"] = load.Partitions,
            ["connections"] = load.Connections,
            ["idleMiB"] = Math.Round(idle, 1),
            ["partitionsMiB"] = Math.Round(withPartitions, 1),
            ["connectionsMiB"] = Math.Round(withConnections, 1),
            ["openFilesWithPartitions"] = files,
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string NameOf(int run, int number) => string.Create(CultureInfo.InvariantCulture, $"bench-{run}-{number}");

    private async Task<double> SettledAsync(CancellationToken cancellation)
    {
        await Task.Delay(Settling, TimeProvider.System, cancellation);
        return broker.ResidentMiB;
    }

    private int OpenFiles() => Directory.EnumerateFileSystemEntries($"/proc/{broker.ProcessId}/fd").Count();

    private async Task CreateAsync(CancellationToken cancellation)
    {
        _number++;
        await using var cluster = OpenCluster();
        for (var made = 0; made < load.Partitions; made += PartitionsOfATopic)
        {
            var topic = new NewTopic(NameOf(_number, made), Math.Min(PartitionsOfATopic, load.Partitions - made));
            await cluster.Admin.CreateTopicsAsync([topic], ignoreExisting: false, cancellation);
        }
    }

    private ICluster OpenCluster() =>
        RemoteCluster.Open(
            broker.Address, new ClusterOptions { RequestTimeout = Patience, ApiTimeout = Patience });

    // The next run begins with an empty broker again.
    private async Task RemoveAsync(CancellationToken cancellation)
    {
        await using var cluster = OpenCluster();
        for (var made = 0; made < load.Partitions; made += PartitionsOfATopic)
        {
            await cluster.Admin.DeleteTopicsAsync([NameOf(_number, made)], cancellation);
        }
    }

    private async Task<List<IBrokerConnection>> ConnectAsync(TcpTransport transport, CancellationToken cancellation)
    {
        var open = new List<IBrokerConnection>(load.Connections);
        while (open.Count < load.Connections)
        {
            // Connecting asks for the broker's versions, so each connection has had an answer.
            var more = Math.Min(ConnectingAtOnce, load.Connections - open.Count);
            open.AddRange(await Task.WhenAll(
                Enumerable.Range(0, more).Select(_ => transport.ConnectAsync(FreePorts.Host, broker.Port, cancellation).AsTask())));
        }

        return open;
    }
}
