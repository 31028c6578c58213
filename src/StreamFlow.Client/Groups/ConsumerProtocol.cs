using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Groups;

/// <summary>The bytes that members of a classic group exchange (protocol type <c>consumer</c>).</summary>
internal static class ConsumerProtocol
{
    private const short SubscriptionVersion = 3;
    private const short AssignmentVersion = 3;

    public static byte[] Write(MemberSubscription subscription) => VersionedBytes.Write(
        new ConsumerProtocolSubscription
        {
            Topics = [.. subscription.Topics],
            UserData = subscription.UserData,
            GenerationId = subscription.GenerationId,
            RackId = subscription.Rack,
            OwnedPartitions =
            [
                .. subscription.OwnedPartitions.GroupBy(
                    p => p.Topic, StringComparer.Ordinal).Select(t => new ConsumerProtocolSubscription.TopicPartition
                {
                    Topic = t.Key,
                    Partitions = [.. t.Select(p => p.Partition)],
                }),
            ],
        },
        SubscriptionVersion);

    public static MemberSubscription ReadSubscription(byte[] bytes, string? groupInstanceId)
    {
        var read = VersionedBytes.Read<ConsumerProtocolSubscription>(bytes);
        return new(
            read.Topics,
            [.. read.OwnedPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p)))],
            read.UserData,
            read.GenerationId,
            groupInstanceId,
            read.RackId);
    }

    public static byte[] Write(MemberAssignment assignment) => VersionedBytes.Write(
        new ConsumerProtocolAssignment
        {
            UserData = assignment.UserData,
            AssignedPartitions =
            [
                .. assignment.Partitions.GroupBy(
                    p => p.Topic, StringComparer.Ordinal).Select(t => new ConsumerProtocolAssignment.TopicPartition
                {
                    Topic = t.Key,
                    Partitions = [.. t.Select(p => p.Partition)],
                }),
            ],
        },
        AssignmentVersion);

    /// <summary>No bytes at all mean nothing assigned: a leader may leave members out.</summary>
    public static MemberAssignment ReadAssignment(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return new([]);
        }

        var read = VersionedBytes.Read<ConsumerProtocolAssignment>(bytes);
        return new([.. read.AssignedPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p)))], read.UserData);
    }
}
