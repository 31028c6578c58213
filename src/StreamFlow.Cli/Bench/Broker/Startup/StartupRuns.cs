using System.Globalization;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Client;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Broker.Startup;

/// <summary>Starts of one broker over the same data: from the start of its process to the first request that it answers.</summary>
/// <param name="broker">The broker; it runs only during a run.</param>
/// <param name="load">What it has when it is started.</param>
internal sealed class StartupRuns(BrokerUnderTest broker, StartupLoad load) : IBrokerRuns
{
    private const string LogTopic = "bench-log";
    private const int PartitionsOfATopic = 100;
    private const int ValueSize = 1000;

    // Written before each kill, so that every run finds as much that is not known to be on disk.
    private const long BytesBeforeKill = 128 * 1024 * 1024;

    private string? LastTopic => load.LogBytes > 0 ? LogTopic : load.Partitions > 0 ? NameOf(0) : null;

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await broker.StartAsync(cancellation);
        await using (var cluster = RemoteCluster.Open(broker.Address))
        {
            for (var made = 0; made < load.Partitions; made += PartitionsOfATopic)
            {
                var topic = new NewTopic(NameOf(made), Math.Min(PartitionsOfATopic, load.Partitions - made));
                await cluster.Admin.CreateTopicsAsync([topic], ignoreExisting: false, cancellation);
            }
        }

        if (load.LogBytes > 0)
        {
            await WriteAsync(load.LogBytes, cancellation);
        }

        await broker.StopAsync();
    }

    public async Task<JsonObject> RunAsync(CancellationToken cancellation)
    {
        if (load.LogBytes > 0)
        {
            await broker.StartAsync(cancellation);
            await WriteAsync(BytesBeforeKill, cancellation);
            await broker.KillAsync();
        }

        var starting = broker.StartAsync(cancellation);
        var answered = await new FirstAnswer(broker.Port, LastTopic).WaitAsync(cancellation);
        var cpu = broker.CpuSeconds;
        var resident = broker.ResidentMiB;
        await starting;
        var started = broker.Started;
        await broker.StopAsync();
        return new JsonObject
        {
            ["bench"] = "broker.startup",
            ["partitions"] = load.Partitions,
            ["logBytes"] = load.LogBytes,
            ["firstAnswerMs"] = Math.Round((answered - started).TotalMilliseconds),
            ["cpuSeconds"] = ProcessMeter.Round(cpu),
            ["residentMiB"] = Math.Round(resident),
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-{number}");

    private async Task WriteAsync(long bytes, CancellationToken cancellation)
    {
        await using var cluster = RemoteCluster.Open(broker.Address);
        await cluster.Admin.CreateTopicsAsync([new NewTopic(LogTopic, 1)], ignoreExisting: true, cancellation);
        await using var producer = cluster.CreateProducer(new ProducerOptions { Acks = Acks.Leader, EnableIdempotence = false });
        await producer.PartitionsForAsync(LogTopic, cancellation);
        var value = new byte[ValueSize];
        await new ClientLoad(LogTopic, (int)(bytes / ValueSize), 1, TimeProvider.System).ProduceAsync(producer, value, cancellation);
    }
}
