using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Groups.Consumers;

/// <summary>Short ways to speak KIP-848 with a broker: a member is a letter, its partitions are numbers of topic <c>t</c>.</summary>
internal sealed class ConsumerGroupBroker(TestBroker broker, Guid topicId)
{
    public const string Group = "g";

    public TestBroker Broker => broker;

    public static async Task<ConsumerGroupBroker> StartAsync(
        Func<BrokerOptions, BrokerOptions>? configure = null, BrokerEnvironment? environment = null, bool listen = false, int partitions = 4)
    {
        var broker = await TestBroker.StartAsync(configure, environment, listen: listen);
        return new ConsumerGroupBroker(broker, await broker.CreateTopicAsync("t", partitions));
    }

    /// <summary>The same group at another broker over the same directory.</summary>
    public ConsumerGroupBroker At(TestBroker other) => new(other, topicId);

    public Task<ConsumerGroupHeartbeatResponse> JoinAsync(
        string member, string? instance = null, string? assignor = null, string[]? topics = null, string? expression = null) =>
        broker.SendAsync(new ConsumerGroupHeartbeatRequest
        {
            GroupId = Group,
            MemberId = member,
            MemberEpoch = 0,
            InstanceId = instance,
            RebalanceTimeoutMs = 10_000,
            SubscribedTopicNames = expression is null ? [.. topics ?? ["t"]] : null,
            SubscribedTopicRegex = expression,
            ServerAssignor = assignor,
            TopicPartitions = [],
        });

    public Task<ConsumerGroupHeartbeatResponse> BeatAsync(string member, int epoch, int[]? owned = null, string? instance = null) =>
        broker.SendAsync(new ConsumerGroupHeartbeatRequest
        {
            GroupId = Group,
            MemberId = member,
            MemberEpoch = epoch,
            InstanceId = instance,
            TopicPartitions = owned is null ? null : owned.Length == 0 ? [] : [new() { TopicId = topicId, Partitions = [.. owned] }],
        });

    public async Task<ConsumerGroupDescribeResponse.DescribedGroup> DescribeAsync() =>
        (await broker.SendAsync(new ConsumerGroupDescribeRequest { GroupIds = [Group] })).Groups[0];

    public async Task<ErrorCode> CommitAsync(string member, int epoch, int partition = 0, short version = 9)
    {
        var response = await broker.SendAsync(
            new OffsetCommitRequest
            {
                GroupId = Group,
                MemberId = member,
                GenerationIdOrMemberEpoch = epoch,
                Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = partition, CommittedOffset = 7 }] }],
            },
            version);
        return response.Topics[0].Partitions[0].ErrorCode;
    }

    /// <summary>What an answer gives, such as <c>3: 0 1</c>, or the error; <c>-</c> when it says nothing of partitions.</summary>
    public static string Text(ConsumerGroupHeartbeatResponse response) => response.ErrorCode != ErrorCode.None
        ? $"{response.ErrorCode}"
        : $"{response.MemberEpoch}: " + (response.Assignment is { } assignment
            ? string.Join(' ', assignment.TopicPartitions.SelectMany(t => t.Partitions))
            : "-");

    /// <summary>The group's state and, of each member, epoch and partitions.</summary>
    public async Task<string> StateAsync()
    {
        var group = await DescribeAsync();
        var members = group.Members.Select(m =>
            $" {m.MemberId}@{m.MemberEpoch}[{string.Join(' ', m.Assignment.TopicPartitions.SelectMany(t => t.Partitions))}]");
        return $"{group.GroupState} {group.GroupEpoch}/{group.AssignmentEpoch}{string.Concat(members)}";
    }
}
