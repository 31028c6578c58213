using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Groups.Streams;

/// <summary>
/// Short ways to speak KIP-1071 with a broker. The application has one part, <c>0</c>, that reads topic <c>in</c> and keeps a state in
/// <c>log</c>; a task is its number.
/// </summary>
internal sealed class StreamsGroupBroker(TestBroker broker)
{
    public const string Group = "app";

    public TestBroker Broker => broker;

    public static async Task<StreamsGroupBroker> StartAsync(
        Func<BrokerOptions, BrokerOptions>? configure = null, int partitions = 4, bool listen = false)
    {
        var broker = await TestBroker.StartAsync(configure, listen: listen);
        await broker.CreateTopicAsync("in", partitions);
        return new StreamsGroupBroker(broker);
    }

    public static StreamsGroupHeartbeatRequest.TopologyData Topology(int epoch = 0, string source = "in") => new()
    {
        Epoch = epoch,
        Subtopologies =
        [
            new()
            {
                SubtopologyId = "0",
                SourceTopics = [source],
                StateChangelogTopics = [new() { Name = "log", TopicConfigs = [new() { Key = "cleanup.policy", Value = "compact" }] }],
            },
        ],
    };

    public Task<StreamsGroupHeartbeatResponse> JoinAsync(
        string member, StreamsGroupHeartbeatRequest.TopologyData? topology = null, int? port = null, string? process = null) =>
        broker.SendAsync(new StreamsGroupHeartbeatRequest
        {
            GroupId = Group,
            MemberId = member,
            MemberEpoch = 0,
            RebalanceTimeoutMs = 10_000,
            Topology = topology ?? Topology(),
            ProcessId = process ?? $"p-{member}",
            UserEndpoint = port is null ? null : new() { Host = "h", Port = (ushort)port },
            ActiveTasks = [],
            StandbyTasks = [],
            WarmupTasks = [],
        });

    public Task<StreamsGroupHeartbeatResponse> BeatAsync(
        string member, int epoch, int[]? active = null, int[]? standby = null, bool shutdown = false, int endpointEpoch = 0) =>
        broker.SendAsync(new StreamsGroupHeartbeatRequest
        {
            GroupId = Group,
            MemberId = member,
            MemberEpoch = epoch,
            EndpointInformationEpoch = endpointEpoch,
            ActiveTasks = active is null ? null : Ids(active),
            StandbyTasks = active is null ? null : Ids(standby ?? []),
            WarmupTasks = active is null ? null : [],
            ShutdownApplication = shutdown,
        });

    public async Task<StreamsGroupDescribeResponse.DescribedGroup> DescribeAsync() =>
        (await broker.SendAsync(new StreamsGroupDescribeRequest { GroupIds = [Group] })).Groups[0];

    public async Task<ErrorCode> CommitAsync(string member, int epoch, int partition = 0)
    {
        var response = await broker.SendAsync(new OffsetCommitRequest
        {
            GroupId = Group,
            MemberId = member,
            GenerationIdOrMemberEpoch = epoch,
            Topics = [new() { Name = "in", Partitions = [new() { PartitionIndex = partition, CommittedOffset = 7 }] }],
        }, 9);
        return response.Topics[0].Partitions[0].ErrorCode;
    }

    /// <summary>
    /// What an answer gives, such as <c>3: 0 1 / 2 (AssignmentDelayed)</c>, or the error; <c>-</c> when it says nothing of tasks.
    /// </summary>
    public static string Text(StreamsGroupHeartbeatResponse response)
    {
        if (response.ErrorCode != ErrorCode.None)
        {
            return $"{response.ErrorCode}";
        }

        var tasks = response.ActiveTasks is null ? "-" : Text(
            response.ActiveTasks.SelectMany(t => t.Partitions), response.StandbyTasks!.SelectMany(t => t.Partitions));
        var status = string.Concat(response.Status!.Select(s => $" ({(StreamsStatus)s.StatusCode})"));
        return $"{response.MemberEpoch}: {tasks}{status}";
    }

    /// <summary>The group's state and, of each member, epoch and tasks.</summary>
    public async Task<string> StateAsync()
    {
        var group = await DescribeAsync();
        var members = group.Members.Select(m =>
        {
            var (active, standby) = (m.Assignment.ActiveTasks, m.Assignment.StandbyTasks);
            return $" {m.MemberId}@{m.MemberEpoch}[{Text(active.SelectMany(t => t.Partitions), standby.SelectMany(t => t.Partitions))}]";
        });
        return $"{group.GroupState} {group.GroupEpoch}/{group.AssignmentEpoch}{string.Concat(members)}";
    }

    private static string Text(IEnumerable<int> active, IEnumerable<int> standby)
    {
        var copies = string.Join(' ', standby);
        return string.Join(' ', active) + (copies.Length > 0 ? $" / {copies}" : "");
    }

    private static List<StreamsGroupHeartbeatRequest.TaskIds> Ids(int[] tasks) =>
        tasks.Length == 0 ? [] : [new() { SubtopologyId = "0", Partitions = [.. tasks] }];
}
