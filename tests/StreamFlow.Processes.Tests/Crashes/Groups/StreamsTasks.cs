using StreamFlow.Client;
using StreamFlow.Core.Topics;

namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>
/// A streams group (KIP-1071) whose members commit offsets, come and go, while the broker crashes; see <see cref="TaskLedger"/>.
/// </summary>
internal sealed class StreamsTasks : IAsyncDisposable
{
    private const int Tasks = 6;

    private readonly ICluster _cluster;
    private readonly GroupTarget _target;
    private readonly TaskLedger _ledger = new();
    private readonly RunningMembers _members;
    private IReadOnlyDictionary<int, long> _before = new Dictionary<int, long>();

    /// <param name="cluster">The cluster.</param>
    /// <param name="target">The group.</param>
    /// <param name="seeds">One for each member; two of them share a process.</param>
    public StreamsTasks(ICluster cluster, GroupTarget target, IEnumerable<int> seeds)
    {
        (_cluster, _target) = (cluster, target);
        _members = new RunningMembers(seeds.Select(
            (seed, i) => (Func<CancellationToken, Task>)new StreamsMember(target, $"process-{i / 2}", _ledger, seed).RunAsync).ToArray());
    }

    /// <summary>Broker settings with which assignments do not wait.</summary>
    public static string[] BrokerSettings { get; } =
    [
        "group.streams.initial.rebalance.delay.ms=0", "group.streams.assignment.interval.ms=50", "group.streams.num.standby.replicas=1",
        "group.share.assignment.interval.ms=50",
    ];

    /// <summary>What has happened, in words.</summary>
    public string Summary => $"streams group: {_ledger.Committed.Values.Sum()} commits, {_ledger.Moves} takeovers of tasks";

    /// <summary>Makes the topic that the group reads.</summary>
    public static Task CreateTopicAsync(ICluster cluster, string topic) => cluster.CreateTopicsAsync(Tasks, topic);

    /// <summary>Notes what had been confirmed before a crash.</summary>
    public void Note() => _before = _ledger.Committed;

    /// <summary>Finds the commits of which the broker had told before the crash, and waits until each task goes on.</summary>
    public async Task CheckAsync()
    {
        var offsets = await _cluster.Admin.ListGroupOffsetsAsync(_target.Group);
        for (var task = 0; task < Tasks; task++)
        {
            var offset = offsets.TryGetValue(new TopicPartition(_target.Topic, task), out var committed) ? committed.Offset : 0;
            _ledger.Check(task, offset, _before.GetValueOrDefault(task));
        }

        var confirmed = _ledger.Committed;
        await Patiently.UntilAsync(async () =>
        {
            await _members.ThrowIfFailedAsync();
            var now = _ledger.Committed;
            var idle = Enumerable.Range(0, Tasks).Where(t => now.GetValueOrDefault(t) <= confirmed.GetValueOrDefault(t)).ToArray();
            return idle.Length == 0 ? null : $"nobody commits for tasks {string.Join(" ", idle)} of the streams group";
        });
    }

    public ValueTask DisposeAsync() => _members.DisposeAsync();
}
