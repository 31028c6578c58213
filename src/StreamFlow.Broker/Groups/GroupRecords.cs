using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups;

/// <summary>The records of <c>__consumer_offsets</c>, in Kafka's layouts and the versions that every tool since Kafka 2.3 reads.</summary>
internal static class GroupRecords
{
    // Offsets: leader epoch, no expiry of their own. Groups: instance ids.
    private const short OffsetVersion = 3;
    private const short GroupVersion = 3;

    public static void AppendOffset(RecordBatchBuilder batch, string groupId, TopicPartition partition, CommittedOffset offset, long now)
    {
        var value = new OffsetCommitValue
        {
            Offset = offset.Offset,
            LeaderEpoch = offset.LeaderEpoch,
            Metadata = offset.Metadata,
            CommitTimestamp = offset.CommitTimestamp,
        };
        Append(batch, OffsetKey(groupId, partition), VersionedBytes.Write(value, OffsetVersion), now);
    }

    public static void AppendOffsetTombstone(RecordBatchBuilder batch, string groupId, TopicPartition partition, long now) =>
        Append(batch, OffsetKey(groupId, partition), null, now);

    /// <summary>Everything about a classic group that outlives the broker.</summary>
    public static CoordinatorRecord Group(ClassicGroup group)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = group.ProtocolType ?? "",
            Generation = group.Generation,
            Protocol = group.ProtocolName,
            Leader = group.Leader,
            CurrentStateTimestamp = group.PhaseSince,
        };
        foreach (var member in group.Members)
        {
            value.Members.Add(new GroupMetadataValue.MemberMetadata
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = member.RebalanceTimeoutMs,
                SessionTimeout = member.SessionTimeoutMs,
                Subscription = member.MetadataFor(group.ProtocolName),
                Assignment = member.Assignment,
            });
        }

        return new CoordinatorRecord(new GroupMetadataKey { Group = group.GroupId }, value, GroupVersion);
    }

    public static CoordinatorRecord NoGroup(string groupId) => new(new GroupMetadataKey { Group = groupId }, null);

    public static void Append(RecordBatchBuilder batch, CoordinatorRecord record, long now) => Append(
        batch,
        VersionedBytes.WriteKey(record.Key),
        record.Value is { } value ? VersionedBytes.Write(value, record.Version) : null,
        now);

    /// <summary>The members of a stored group. Of the strategies only the chosen one was stored.</summary>
    public static IEnumerable<GroupMember> Members(GroupMetadataValue value) =>
        value.Members.Select(m => new GroupMember(m.MemberId, m.GroupInstanceId)
    {
        ClientId = m.ClientId,
        ClientHost = m.ClientHost,
        SessionTimeoutMs = m.SessionTimeout,
        RebalanceTimeoutMs = m.RebalanceTimeout < 0 ? m.SessionTimeout : m.RebalanceTimeout,
        Protocols = [new GroupProtocol(value.Protocol ?? "", m.Subscription)],
        Assignment = m.Assignment,
    });

    private static byte[] OffsetKey(string groupId, TopicPartition partition) =>
        VersionedBytes.WriteKey(new OffsetCommitKey { Group = groupId, Topic = partition.Topic, Partition = partition.Partition });

    private static void Append(RecordBatchBuilder batch, byte[] key, byte[]? value, long now) =>
        batch.Append(now, true, key, value is not null, value, Headers.Empty);
}
