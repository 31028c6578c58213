using System.Collections.Immutable;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>The records of KIP-848 groups, in Kafka's layouts.</summary>
internal static class ConsumerGroupRecords
{
    public static CoordinatorRecord Epoch(string group, int epoch, long metadataHash) => new(
        new ConsumerGroupMetadataKey { GroupId = group }, new ConsumerGroupMetadataValue { Epoch = epoch, MetadataHash = metadataHash });

    public static CoordinatorRecord NoEpoch(string group) => new(new ConsumerGroupMetadataKey { GroupId = group }, null);

    public static CoordinatorRecord Member(string group, ConsumerMember member) => new(
        new ConsumerGroupMemberMetadataKey { GroupId = group, MemberId = member.MemberId },
        new ConsumerGroupMemberMetadataValue
        {
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.Topics],
            SubscribedTopicRegex = member.TopicPattern,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            ServerAssignor = member.Assignor,
            ClassicMemberMetadata = member.Classic is not { } classic ? null : new()
            {
                SessionTimeoutMs = classic.SessionTimeoutMs,
                SupportedProtocols = [.. classic.Protocols.Select(p =>
                    new ConsumerGroupMemberMetadataValue.ClassicProtocol { Name = p.Name, Metadata = p.Metadata })],
            },
        });

    public static CoordinatorRecord NoMember(string group, string member) =>
        new(new ConsumerGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);

    public static CoordinatorRecord TargetEpoch(string group, int epoch, long timestamp) => new(
        new ConsumerGroupTargetAssignmentMetadataKey { GroupId = group },
        new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestamp });

    public static CoordinatorRecord NoTargetEpoch(string group) =>
        new(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = group }, null);

    public static CoordinatorRecord Target(string group, string member, IEnumerable<TopicIdPartition> partitions) => new(
        new ConsumerGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member },
        new ConsumerGroupTargetAssignmentMemberValue
        {
            TopicPartitions = [.. ByTopic(partitions).Select(t =>
                new ConsumerGroupTargetAssignmentMemberValue.TopicPartition { TopicId = t.Topic, Partitions = t.Partitions })],
        });

    public static CoordinatorRecord NoTarget(string group, string member) =>
        new(new ConsumerGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);

    public static CoordinatorRecord Current(string group, ConsumerMember member) => new(
        new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member.MemberId },
        new ConsumerGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.Epoch,
            PreviousMemberEpoch = member.PreviousEpoch,
            State = (sbyte)member.State,
            AssignedPartitions = WithEpochs(member.Assigned),
            PartitionsPendingRevocation = WithEpochs(member.Revoking),
        });

    public static CoordinatorRecord NoCurrent(string group, string member) =>
        new(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);

    /// <summary>The topics that match an expression now.</summary>
    public static CoordinatorRecord Expression(string group, string expression, IEnumerable<string> topics, long now) => new(
        new ConsumerGroupRegularExpressionKey { GroupId = group, RegularExpression = expression },
        new ConsumerGroupRegularExpressionValue { Topics = [.. topics], Timestamp = now });

    public static CoordinatorRecord NoExpression(string group, string expression) =>
        new(new ConsumerGroupRegularExpressionKey { GroupId = group, RegularExpression = expression }, null);

    /// <summary>The member that a record describes, with the assignment it had.</summary>
    public static ConsumerMember Read(ConsumerGroupMemberMetadataValue value, ConsumerMember old) => old with
    {
        InstanceId = value.InstanceId,
        RackId = value.RackId,
        ClientId = value.ClientId,
        ClientHost = value.ClientHost,
        Topics = value.SubscribedTopicNames.ToImmutableSortedSet(StringComparer.Ordinal),
        TopicPattern = value.SubscribedTopicRegex,
        RebalanceTimeoutMs = value.RebalanceTimeoutMs,
        Assignor = value.ServerAssignor,
        Classic = value.ClassicMemberMetadata is not { } classic ? null : new ClassicMembership(
            classic.SessionTimeoutMs, [.. classic.SupportedProtocols.Select(p => new GroupProtocol(p.Name, p.Metadata))]),
    };

    /// <summary>The member with the assignment of a record.</summary>
    public static ConsumerMember Read(ConsumerGroupCurrentMemberAssignmentValue value, ConsumerMember old) => old with
    {
        Epoch = value.MemberEpoch,
        PreviousEpoch = value.PreviousMemberEpoch,
        State = (ConsumerMemberState)value.State,
        Assigned = Read(value.AssignedPartitions, value.MemberEpoch),
        Revoking = Read(value.PartitionsPendingRevocation, value.MemberEpoch),
    };

    public static ImmutableHashSet<TopicIdPartition> Read(ConsumerGroupTargetAssignmentMemberValue value) =>
        [.. value.TopicPartitions.SelectMany(t => t.Partitions.Select(p => new TopicIdPartition(t.TopicId, p)))];

    /// <summary>Partitions by topic, in order.</summary>
    public static IEnumerable<(Guid Topic, List<int> Partitions)> ByTopic(IEnumerable<TopicIdPartition> partitions) =>
        partitions.GroupBy(p => p.TopicId, p => p.Partition).OrderBy(t => t.Key).Select(t => (t.Key, t.Order().ToList()));

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> WithEpochs(
        ImmutableDictionary<TopicIdPartition, int> partitions) =>
        [.. ByTopic(partitions.Keys).Select(t => new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions
        {
            TopicId = t.Topic,
            Partitions = t.Partitions,
            AssignmentEpochs = t.Partitions.ConvertAll(p => partitions[new TopicIdPartition(t.Topic, p)]),
        })];

    /// <summary>Records of brokers before 4.3 have no epochs of their own for partitions; the member's stands in.</summary>
    private static ImmutableDictionary<TopicIdPartition, int> Read(
        List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics, int memberEpoch)
    {
        var partitions = ImmutableDictionary.CreateBuilder<TopicIdPartition, int>();
        foreach (var topic in topics)
        {
            for (var i = 0; i < topic.Partitions.Count; i++)
            {
                partitions[new TopicIdPartition(topic.TopicId, topic.Partitions[i])] =
                    topic.AssignmentEpochs is { } epochs && i < epochs.Count ? epochs[i] : memberEpoch;
            }
        }

        return partitions.ToImmutable();
    }
}
