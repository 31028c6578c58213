using StreamFlow.Client;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;
using StreamFlow.Processes.Programs;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Workers;

/// <summary>
/// Two workers share the partitions; one is killed and the other takes over with its state; the killed one comes back with what it has on
/// disk and reads only what it missed.
/// </summary>
public sealed class TakeoverTests : IDisposable
{
    private const int Partitions = 4;
    private static readonly string Changelog = $"{Worker.ApplicationId}-{Totals.Store}-changelog";
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-takeover-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [Trait("Category", "E2E")]
    [InlineData("at_least_once")]
    [InlineData("exactly_once_v2")]
    public async Task On_our_broker_nothing_is_lost_and_little_is_read_again(string guarantee)
    {
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));
        await RunAsync(broker.Address, guarantee);
        await broker.Process.StopAsync();
    }

    [TheoryOnKafka]
    [Trait("Category", "Integration")]
    [InlineData("at_least_once")]
    [InlineData("exactly_once_v2")]
    public async Task On_Kafka_nothing_is_lost_and_little_is_read_again(string guarantee)
    {
        await using var kafka = await KafkaNode.StartAsync(
            "group.initial.rebalance.delay.ms=0", "group.min.session.timeout.ms=300",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms=300");
        await RunAsync(kafka.Address, guarantee);
    }

    private async Task RunAsync(string address, string guarantee)
    {
        var exactlyOnce = guarantee == "exactly_once_v2";
        var payments = new Payments();
        await using var cluster = RemoteCluster.Open(address);
        await cluster.CreateTopicsAsync(Partitions, Totals.Input, Totals.Output);
        await using var a = await Worker.StartAsync(address, Path.Combine(_root, "a"), guarantee);
        await using var b = await Worker.StartAsync(address, Path.Combine(_root, "b"), guarantee);
        await UntilTasksAreSharedAsync(a, b);
        // Every payment of another account: the changelog has as many records, however commits fall.
        await payments.SendAsync(cluster, 20_000, accounts: 20_000);
        await Patiently.UntilAsync(async () => payments.Complaint(await UnionAsync(a, b), exactlyOnce));
        await UntilCommittedAsync(cluster, payments, exactlyOnce);
        var quiet = (await cluster.EndsAsync(Changelog, Partitions)).Values.Sum();
        // A commit begins when the one before has reached the disk: seeing the next one, we know that all up to `quiet` is in the local state.
        await payments.SendAsync(cluster, 400, accounts: 400);
        await UntilCommittedAsync(cluster, payments, exactlyOnce);

        var more = payments.SendAsync(cluster, 4000, accounts: 400, pauseEvery: 40);
        await b.Process.KillAsync();
        await more;
        await Patiently.UntilAsync(async () => payments.Complaint(await a.TotalsAsync(), exactlyOnce));
        Assert.True(await a.MetricAsync("streamflow_streams_records_restored_total") >= 500, "the survivor restored the dead one's rows");

        await using var again = await Worker.StartAsync(address, Path.Combine(_root, "b"), guarantee);
        await UntilTasksAreSharedAsync(a, again);
        await Patiently.UntilAsync(async () => payments.Complaint(await UnionAsync(a, again), exactlyOnce));

        var missed = (await cluster.EndsAsync(Changelog, Partitions)).Values.Sum() - quiet;
        var restored = await again.MetricAsync("streamflow_streams_records_restored_total");
        Assert.True(restored <= missed, $"restored {restored} records though only {missed} were written while it was away");
        Assert.True(missed < quiet / 2, $"{missed} of {quiet}");
        await again.Process.StopAsync();
        await a.Process.StopAsync();
        Assert.Null(payments.Complaint(await CommittedOutputAsync(cluster), exactlyOnce));
    }

    /// <summary>Waits until a commit contains everything that was sent.</summary>
    private static Task UntilCommittedAsync(ICluster cluster, Payments payments, bool exactlyOnce) => Patiently.UntilAsync(
        async () => exactlyOnce ? payments.Complaint(await CommittedOutputAsync(cluster), exactlyOnce) : await UncommittedInputAsync(cluster));

    private static async Task<Dictionary<string, string>> CommittedOutputAsync(ICluster cluster)
    {
        var starts = ClusterExtensions.Partitions(Totals.Output, Partitions).ToDictionary(p => p, _ => 0L);
        var output = await cluster.ReadAsync(Serdes.String, starts);
        return output.GroupBy(r => r.Key!).ToDictionary(g => g.Key, g => g.Last().Value!);
    }

    private static async Task<string?> UncommittedInputAsync(ICluster cluster)
    {
        var offsets = await cluster.Admin.ListGroupOffsetsAsync(Worker.ApplicationId);
        foreach (var topic in (await cluster.Admin.ListTopicsAsync()).Where(t => t == Totals.Input || t.EndsWith("-repartition", StringComparison.Ordinal)))
        {
            foreach (var (partition, end) in await cluster.EndsAsync(topic, Partitions))
            {
                var committed = offsets.GetValueOrDefault(partition).Offset;
                if (committed < end)
                {
                    return $"{partition} is committed to {committed} of {end}";
                }
            }
        }

        return null;
    }

    private static Task UntilTasksAreSharedAsync(Worker a, Worker b) => Patiently.UntilAsync(async () =>
    {
        var (first, second) = (await a.TasksAsync(), await b.TasksAsync());
        return first.Length == Partitions && second.Length == Partitions && !first.Intersect(second).Any()
            ? null
            : $"tasks {string.Join(' ', first)} and {string.Join(' ', second)}";
    });

    private static async Task<Dictionary<string, string>> UnionAsync(Worker a, Worker b)
    {
        var union = await a.TotalsAsync();
        foreach (var (account, total) in await b.TotalsAsync())
        {
            union[account] = total;
        }

        return union;
    }
}
