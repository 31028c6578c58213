using StreamFlow.Client;
using StreamFlow.Core.Serialization;
using StreamFlow.Processes.Programs;
using StreamFlow.Processes.Tests.Workers;
using StreamFlow.Testing.Processes;
using Xunit.Abstractions;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary><c>kill -9</c> of an exactly-once worker at any moment of its life; now and then it loses its disk too.</summary>
public sealed class WorkerCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Partitions = 2;
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-worker-crash-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Trait("Category", "E2E")]
    public Task Results_are_exact_after_a_few_crashes() => RunAsync(Rounds.Few);

    [Fact]
    [Trait("Category", "Crash")]
    public Task Results_are_exact_after_many_crashes() => RunAsync(Rounds.Many);

    private async Task RunAsync(int count)
    {
        var rounds = new Rounds(count, output);
        var payments = new Payments();
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));
        await using var cluster = RemoteCluster.Open(broker.Address);
        await cluster.CreateTopicsAsync(Partitions, Totals.Input, Totals.Output);
        await rounds.RunAsync(async round =>
        {
            await using var worker = await StartAsync(broker.Address);
            var sending = payments.SendAsync(cluster, 400, accounts: 100, pauseEvery: 20);
            if (!rounds.OneIn(3))
            {
                await worker.Process.WaitForAsync("running");
            }

            await rounds.PauseAsync(mostMs: 700);
            await worker.Process.KillAsync();
            await sending;
            if (rounds.OneIn(10))
            {
                Directory.Delete(Path.Combine(_root, "state"), recursive: true);
            }

            if (round % 10 == 0)
            {
                await CheckAsync(cluster, broker.Address, payments);
            }
        });
        await CheckAsync(cluster, broker.Address, payments);
        output.WriteLine($"{payments.Count} payments");
        await broker.Process.StopAsync();
    }

    private Task<Worker> StartAsync(string address) => Worker.StartAsync(
        address, Path.Combine(_root, "state"), "exactly_once_v2", "commit.interval.ms=30", "session.timeout.ms=600", "heartbeat.interval.ms=100");

    private async Task CheckAsync(ICluster cluster, string address, Payments payments)
    {
        await using var worker = await StartAsync(address);
        await Patiently.UntilAsync(async () => payments.Complaint(await worker.TotalsAsync(), exactlyOnce: true));
        await worker.Process.StopAsync();
        var starts = ClusterExtensions.Partitions(Totals.Output, Partitions).ToDictionary(p => p, _ => 0L);
        var last = (await cluster.ReadAsync(Serdes.String, starts)).GroupBy(r => r.Key!).ToDictionary(g => g.Key, g => g.Last().Value!);
        Assert.Null(payments.Complaint(last, exactlyOnce: true));
    }
}
