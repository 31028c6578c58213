using System.Buffers.Binary;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>The bytes that classic consumers tell each other, as a KIP-848 group reads and writes them for its classic members.</summary>
internal static class ConsumerProtocolBytes
{
    /// <summary>What a classic member subscribes to, in the form of its first strategy; null when the bytes make no sense.</summary>
    public static ConsumerProtocolSubscription? Subscription(IReadOnlyList<GroupProtocol> protocols) =>
        protocols.Count == 0 ? null : Read<ConsumerProtocolSubscription>(protocols[0].Metadata);

    /// <summary>What a classic member was given; null when the bytes make no sense.</summary>
    public static ConsumerProtocolAssignment? Assignment(byte[] bytes) =>
        bytes.Length == 0 ? new ConsumerProtocolAssignment() : Read<ConsumerProtocolAssignment>(bytes);

    /// <summary>The partitions that a classic member says it holds.</summary>
    public static IEnumerable<TopicIdPartition> Owned(ConsumerProtocolSubscription subscription, MetadataImage image) =>
        subscription.OwnedPartitions.SelectMany(t => WithId(t.Topic, t.Partitions, image));

    /// <summary>The partitions of an assignment.</summary>
    public static IEnumerable<TopicIdPartition> Partitions(ConsumerProtocolAssignment assignment, MetadataImage image) =>
        assignment.AssignedPartitions.SelectMany(t => WithId(t.Topic, t.Partitions, image));

    /// <summary>What a member holds, in the version in which it subscribes.</summary>
    public static byte[] Assignment(ConsumerMember member, IReadOnlyList<GroupProtocol> protocols, MetadataImage image)
    {
        var assignment = new ConsumerProtocolAssignment();
        foreach (var (topicId, partitions) in ConsumerGroupRecords.ByTopic(member.Assigned.Keys))
        {
            if (image.TopicsById.TryGetValue(topicId, out var topic))
            {
                assignment.AssignedPartitions.Add(new() { Topic = topic.Name, Partitions = partitions });
            }
        }

        var metadata = protocols.Count == 0 ? [] : protocols[0].Metadata;
        var version = metadata.Length < sizeof(short) ? (short)0 : BinaryPrimitives.ReadInt16BigEndian(metadata);
        return VersionedBytes.Write(assignment, Math.Clamp(version, (short)0, assignment.HighestVersion));
    }

    private static IEnumerable<TopicIdPartition> WithId(string topic, List<int> partitions, MetadataImage image) =>
        image.Topics.TryGetValue(topic, out var found) ? partitions.Select(p => new TopicIdPartition(found.Id, p)) : [];

    private static T? Read<T>(byte[] bytes)
        where T : class, IVersioned<T>, new()
    {
        try
        {
            return VersionedBytes.Read<T>(bytes);
        }
        catch (ProtocolException)
        {
            // The bytes belong to the clients; without them the group stays of the kind that does not need to know.
            return null;
        }
    }
}
