using System.Globalization;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Bench.Broker.Groups;

/// <summary>Groups in one broker, a new one each run: all members come at once, then all are replaced in steps, then they go.</summary>
/// <param name="broker">The broker.</param>
/// <param name="load">The group.</param>
internal sealed class GroupRuns(BrokerUnderTest broker, GroupLoad load) : IBrokerRuns
{
    private const string Topic = "bench-group";
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly TcpTransport _transport = new("bench", ConnectTimeout, TimeProvider.System);
    private int _number;

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await broker.StartAsync(cancellation);
        await using var cluster = RemoteCluster.Open(broker.Address);
        await cluster.Admin.CreateTopicsAsync([new NewTopic(Topic, load.Members)], ignoreExisting: false, cancellation);
        await RunAsync(cancellation);
    }

    public async Task<JsonObject> RunAsync(CancellationToken cancellation)
    {
        var group = string.Create(CultureInfo.InvariantCulture, $"bench-{_number++}");
        await using (var cluster = RemoteCluster.Open(broker.Address))
        {
            await FindCoordinatorAsync(cluster, group, cancellation);
        }

        var watch = new GroupWatch(load.Members);
        var members = new List<RunningMember>();
        try
        {
            var cpu = broker.CpuSeconds;
            var join = await StableAfterAsync(
                watch, () => StartAsync(members, load.Members, group, watch, cancellation), members, cancellation);
            var joinCpu = broker.CpuSeconds - cpu;
            var restart = TimeSpan.Zero;
            for (var step = 0; step < load.Steps; step++)
            {
                var count = (load.Members * (step + 1) / load.Steps) - (load.Members * step / load.Steps);
                restart += await StableAfterAsync(watch, () => ReplaceAsync(members, count, group, watch, cancellation), members,
                    cancellation);
            }

            return new JsonObject
            {
                ["bench"] = "broker.group",
                ["members"] = load.Members,
                ["stableMs"] = Math.Round(join.TotalMilliseconds),
                ["restartMs"] = Math.Round(restart.TotalMilliseconds),
                ["stableCpuSeconds"] = ProcessMeter.Round(joinCpu),
                ["cpuSeconds"] = ProcessMeter.Round(broker.CpuSeconds - cpu),
            };
        }
        finally
        {
            await Task.WhenAll(members.Select(m => m.DisposeAsync().AsTask()));
        }
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    // A broker makes the topic of its groups when it is first asked for one.
    private static async Task FindCoordinatorAsync(ICluster cluster, string group, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await cluster.Admin.DescribeGroupsAsync([group], cancellation);
                return;
            }
            catch (BrokerException e) when (e.IsRetriable || e.ErrorCode == ErrorCode.GroupIdNotFound)
            {
                if (!e.IsRetriable)
                {
                    return;
                }
            }
        }
    }

    private static async Task<TimeSpan> StableAfterAsync(
        GroupWatch watch, Func<Task> change, List<RunningMember> members, CancellationToken cancellation)
    {
        watch.Disturb();
        var start = TimeProvider.System.GetTimestamp();
        await change();
        var stable = watch.StableAsync(cancellation);
        var first = await Task.WhenAny(members.Select(m => m.Work).Append(stable));
        await first;
        return TimeProvider.System.GetElapsedTime(start);
    }

    private async Task StartAsync(List<RunningMember> members, int count, string group, GroupWatch watch, CancellationToken cancellation)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, count).Select(
            _ => _transport.ConnectAsync(FreePorts.Host, broker.Port, cancellation).AsTask()));
        members.AddRange(connections.Select(c => new RunningMember(
            load.IsConsumerProtocol
                ? new ConsumerMember(c, group, Topic, load.Heartbeat, watch)
                : new ClassicMember(c, group, Topic, load.Heartbeat, watch))));
    }

    private async Task ReplaceAsync(List<RunningMember> members, int count, string group, GroupWatch watch, CancellationToken cancellation)
    {
        var leaving = members[..count];
        members.RemoveRange(0, count);
        await Task.WhenAll(leaving.Select(m => m.DisposeAsync().AsTask()));
        await StartAsync(members, count, group, watch, cancellation);
    }
}
