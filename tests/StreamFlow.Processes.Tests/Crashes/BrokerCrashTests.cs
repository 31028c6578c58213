using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Core.Topics;
using StreamFlow.Processes.Tests.Crashes.Groups;
using StreamFlow.Testing.Processes;
using Xunit.Abstractions;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary>
/// <c>kill -9</c> of the broker while an idempotent producer, a transactional one, one of a compacted topic, groups of every kind, a
/// committer of offsets and somebody who makes and deletes topics use it.
/// </summary>
public sealed class BrokerCrashTests(ITestOutputHelper output) : IDisposable
{
    private const string Group = "readers";
    private static readonly TopicPartition Committed = new("log", 0);
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-broker-crash-").FullName;
    private BrokerProcess? _broker;
    private long _offset;
    private int _lives;

    private static string[] Settings { get; } = [.. LatestWriter.BrokerSettings, .. StreamsTasks.BrokerSettings];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Trait("Category", "E2E")]
    public Task Acknowledged_is_kept_through_a_few_crashes() => RunAsync(Rounds.Few);

    [Fact]
    [Trait("Category", "Crash")]
    public Task Acknowledged_is_kept_through_many_crashes() => RunAsync(Rounds.Many);

    private async Task RunAsync(int count)
    {
        var rounds = new Rounds(count, output);
        _broker = await BrokerProcess.StartAsync(_root, settings: Settings);
        try
        {
            await using (var cluster = RemoteCluster.Open(_broker.Address))
            {
                await RunAsync(rounds, cluster);
            }

            await _broker.Process.StopAsync();
        }
        finally
        {
            await _broker.DisposeAsync();
        }
    }

    private async Task RunAsync(Rounds rounds, ICluster cluster)
    {
        await cluster.CreateTopicsAsync(2, "log", "transactions");
        await using var sequence = new SequenceWriter(cluster, "log", 2);
        await using var transactions = new TransactionWriter(cluster, "transactions");
        await using var latest = new LatestWriter(cluster, "latest");
        await using var classic = new GroupReader(cluster, "log", GroupProtocol.Classic);
        await using var assigned = new GroupReader(cluster, "log", GroupProtocol.Consumer);
        await using var shared = await ShareAsync(rounds, cluster, "log");
        await using var tasks = await StartTasksAsync(rounds, cluster, "tasks");
        var churn = new TopicChurn(cluster, "churn");
        sequence.Start();
        transactions.Start();
        classic.Start();
        assigned.Start();
        await latest.StartAsync();
        await churn.StartAsync();
        var (acknowledged, committed) = (0L, 0);
        await rounds.RunAsync(async _ =>
        {
            // In some rounds the crash comes before anybody has recovered from the last one.
            if (!rounds.OneIn(4))
            {
                await UntilWorkIsDoneAsync(sequence, transactions, records: rounds.Next(500), commits: rounds.Next(4));
            }

            await latest.ThrowIfFailedAsync();
            await churn.StepAsync();
            await CommitOffsetAsync(cluster);
            await rounds.PauseAsync(mostMs: 200);
            tasks.Note();
            await CrashAsync();
            var (records, outcomes, values) = (sequence.TakeAcknowledged(), transactions.Outcomes(), latest.Acknowledged());
            await RestartAsync();

            await sequence.CheckAsync(records);
            await transactions.CheckAsync(outcomes);
            await latest.CheckAsync(values);
            await churn.CheckAsync();
            await CheckOffsetAsync(cluster);
            await classic.CheckAsync(sequence.Checked);
            await assigned.CheckAsync(sequence.Checked);
            await shared.CheckAsync(sequence.Checked);
            await tasks.CheckAsync();
            (acknowledged, committed) = (acknowledged + records.Count, outcomes.Count(o => o.Value));
        });
        await latest.UntilCompactedAsync();
        output.WriteLine($"{acknowledged} records and {committed} transactions acknowledged; {shared.Summary}; {tasks.Summary}");
    }

    private async Task<ShareReaders> ShareAsync(Rounds rounds, ICluster cluster, string topic)
    {
        var target = await TargetAsync(cluster, topic, "share");
        await cluster.Admin.AlterConfigsAsync(
            new ConfigResource(ConfigResourceType.Group, target.Group), [new ConfigChange("share.auto.offset.reset", "earliest")]);
        return new ShareReaders(target, rounds.Seeds(3));
    }

    private async Task<StreamsTasks> StartTasksAsync(Rounds rounds, ICluster cluster, string topic)
    {
        await StreamsTasks.CreateTopicAsync(cluster, topic);
        return new StreamsTasks(cluster, await TargetAsync(cluster, topic, "streams"), rounds.Seeds(3));
    }

    private async Task<GroupTarget> TargetAsync(ICluster cluster, string topic, string kind)
    {
        var described = await cluster.Admin.DescribeTopicsAsync([topic]);
        return new GroupTarget(_broker!.Address, $"{topic}-{kind}", topic, described[topic].TopicId, () => Volatile.Read(ref _lives));
    }

    private async Task CrashAsync()
    {
        await _broker!.Process.KillAsync();
        Interlocked.Increment(ref _lives);
        await _broker.DisposeAsync();
    }

    private async Task RestartAsync() => _broker =
        await BrokerProcess.StartAsync(_root, _broker!.Address, Settings);

    private static async Task UntilWorkIsDoneAsync(SequenceWriter sequence, TransactionWriter transactions, int records, int commits)
    {
        var before = transactions.Committed;
        await Patiently.UntilAsync(async () =>
        {
            await sequence.ThrowIfFailedAsync();
            await transactions.ThrowIfFailedAsync();
            return sequence.Acknowledged >= records && transactions.Committed >= before + commits
                ? null
                : $"{sequence.Acknowledged} records and {transactions.Committed - before} transactions, not {records} and {commits}";
        });
    }

    private async Task CommitOffsetAsync(ICluster cluster)
    {
        await cluster.Admin.AlterGroupOffsetsAsync(
            Group, new Dictionary<TopicPartition, OffsetAndMetadata> { [Committed] = new(_offset + 1, "") });
        _offset++;
    }

    private async Task CheckOffsetAsync(ICluster cluster)
    {
        var offsets = await cluster.Admin.ListGroupOffsetsAsync(Group);
        Assert.Equal(_offset, offsets[Committed].Offset);
    }
}
