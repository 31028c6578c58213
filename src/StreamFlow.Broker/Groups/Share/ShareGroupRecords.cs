using System.Collections.Immutable;
using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>The records of share groups, in Kafka's layouts.</summary>
internal static class ShareGroupRecords
{
    /// <summary>A member has what it is meant to have: share groups know no other state.</summary>
    private const sbyte Stable = 1;

    public static CoordinatorRecord Epoch(string group, int epoch, long metadataHash) => new(
        new ShareGroupMetadataKey { GroupId = group }, new ShareGroupMetadataValue { Epoch = epoch, MetadataHash = metadataHash });

    public static CoordinatorRecord NoEpoch(string group) => new(new ShareGroupMetadataKey { GroupId = group }, null);

    public static CoordinatorRecord Member(string group, ShareMember member) => new(
        new ShareGroupMemberMetadataKey { GroupId = group, MemberId = member.MemberId },
        new ShareGroupMemberMetadataValue
        {
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.Topics],
        });

    public static CoordinatorRecord NoMember(string group, string member) =>
        new(new ShareGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);

    public static CoordinatorRecord TargetEpoch(string group, int epoch, long timestamp) => new(
        new ShareGroupTargetAssignmentMetadataKey { GroupId = group },
        new ShareGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestamp });

    public static CoordinatorRecord NoTargetEpoch(string group) =>
        new(new ShareGroupTargetAssignmentMetadataKey { GroupId = group }, null);

    public static CoordinatorRecord Target(string group, string member, IEnumerable<TopicIdPartition> partitions) => new(
        new ShareGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member },
        new ShareGroupTargetAssignmentMemberValue
        {
            TopicPartitions = [.. ConsumerGroupRecords.ByTopic(partitions).Select(t =>
                new ShareGroupTargetAssignmentMemberValue.TopicPartition { TopicId = t.Topic, Partitions = t.Partitions })],
        });

    public static CoordinatorRecord NoTarget(string group, string member) =>
        new(new ShareGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);

    public static CoordinatorRecord Current(string group, ShareMember member) => new(
        new ShareGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member.MemberId },
        new ShareGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.Epoch,
            PreviousMemberEpoch = member.PreviousEpoch,
            State = Stable,
            AssignedPartitions = [.. ConsumerGroupRecords.ByTopic(member.Assigned).Select(t =>
                new ShareGroupCurrentMemberAssignmentValue.TopicPartitions { TopicId = t.Topic, Partitions = t.Partitions })],
        });

    public static CoordinatorRecord NoCurrent(string group, string member) =>
        new(new ShareGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);

    /// <summary>The topics that the share coordinator keeps states of.</summary>
    public static CoordinatorRecord Topics(string group, ImmutableDictionary<Guid, SharedTopic> topics) => new(
        new ShareGroupStatePartitionMetadataKey { GroupId = group },
        new ShareGroupStatePartitionMetadataValue
        {
            InitializedTopics = [.. topics.OrderBy(t => t.Key).Select(t => new ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo
            {
                TopicId = t.Key,
                TopicName = t.Value.Name,
                Partitions = [.. t.Value.Partitions],
            })],
        });

    public static CoordinatorRecord NoTopics(string group) => new(new ShareGroupStatePartitionMetadataKey { GroupId = group }, null);

    /// <summary>The member that a record describes, with the assignment it had.</summary>
    public static ShareMember Read(ShareGroupMemberMetadataValue value, ShareMember old) => old with
    {
        RackId = value.RackId,
        ClientId = value.ClientId,
        ClientHost = value.ClientHost,
        Topics = value.SubscribedTopicNames.ToImmutableSortedSet(StringComparer.Ordinal),
    };

    public static ImmutableHashSet<TopicIdPartition> Read(ShareGroupTargetAssignmentMemberValue value) =>
        [.. value.TopicPartitions.SelectMany(t => t.Partitions.Select(p => new TopicIdPartition(t.TopicId, p)))];

    public static ImmutableHashSet<TopicIdPartition> Read(ShareGroupCurrentMemberAssignmentValue value) =>
        [.. value.AssignedPartitions.SelectMany(t => t.Partitions.Select(p => new TopicIdPartition(t.TopicId, p)))];

    /// <summary>What was being begun or deleted when a broker of Kafka's stopped is not in it: it will be asked for again.</summary>
    public static ImmutableDictionary<Guid, SharedTopic> Read(ShareGroupStatePartitionMetadataValue? value) =>
        (value?.InitializedTopics ?? []).ToImmutableDictionary(
            t => t.TopicId, t => new SharedTopic(t.TopicName, [.. t.Partitions]));
}
