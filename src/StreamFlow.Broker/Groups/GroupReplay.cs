using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups;

/// <summary>Turns the records of a partition of <c>__consumer_offsets</c> into groups and offsets.</summary>
/// <param name="getOrAdd">Finds or makes an entry, with a classic group to begin with.</param>
/// <param name="newClassic">Makes a classic group.</param>
/// <param name="newConsumer">Makes a group of KIP-848.</param>
/// <param name="newStreams">Makes a streams group.</param>
/// <param name="newShare">Makes a share group.</param>
/// <param name="all">Every entry so far.</param>
/// <param name="now">ms; sessions of restored members begin here.</param>
internal sealed class GroupReplay(
    Func<string, GroupEntry> getOrAdd, Func<string, ClassicGroup> newClassic, Func<string, ConsumerGroup> newConsumer,
    Func<string, StreamsGroup> newStreams, Func<string, ShareGroup> newShare, Func<IEnumerable<GroupEntry>> all, long now)
    : ILogReplay
{
    /// <summary>Reads the whole log.</summary>
    public void Run(Partition log) => LogReader.Replay(log, this);

    /// <inheritdoc/>
    public void OnRecord(in RecordBatchView batch, in RecordView record)
    {
        if (!record.HasKey)
        {
            return;
        }

        var key = record.Key.ToArray();
        switch (VersionedBytes.ReadRecordType(key))
        {
            case 0 or 1:
                OnOffset(batch, key, record);
                break;
            case 2:
                OnGroup(key, record);
                break;
            case 3:
                OnConsumer(Read<ConsumerGroupMetadataKey, ConsumerGroupMetadataValue>(key, record), k => k.GroupId);
                break;
            case 5:
                OnConsumer(Read<ConsumerGroupMemberMetadataKey, ConsumerGroupMemberMetadataValue>(key, record), k => k.GroupId);
                break;
            case 6:
                OnConsumer(
                    Read<ConsumerGroupTargetAssignmentMetadataKey, ConsumerGroupTargetAssignmentMetadataValue>(key, record),
                        k => k.GroupId);
                break;
            case 7:
                OnConsumer(
                    Read<ConsumerGroupTargetAssignmentMemberKey, ConsumerGroupTargetAssignmentMemberValue>(key, record), k => k.GroupId);
                break;
            case 8:
                OnConsumer(
                    Read<ConsumerGroupCurrentMemberAssignmentKey, ConsumerGroupCurrentMemberAssignmentValue>(key, record), k => k.GroupId);
                break;
            case 16:
                OnConsumer(Read<ConsumerGroupRegularExpressionKey, ConsumerGroupRegularExpressionValue>(key, record), k => k.GroupId);
                break;
            case >= 10 and <= 15:
                OnShareRecord(key, record);
                break;
            default:
                OnStreamsRecord(key, record);
                break;
        }
    }

    private void OnShareRecord(byte[] key, in RecordView record)
    {
        switch (VersionedBytes.ReadRecordType(key))
        {
            case 10:
                OnShare(Read<ShareGroupMemberMetadataKey, ShareGroupMemberMetadataValue>(key, record), k => k.GroupId);
                break;
            case 11:
                OnShare(Read<ShareGroupMetadataKey, ShareGroupMetadataValue>(key, record), k => k.GroupId);
                break;
            case 12:
                OnShare(
                    Read<ShareGroupTargetAssignmentMetadataKey, ShareGroupTargetAssignmentMetadataValue>(key, record), k => k.GroupId);
                break;
            case 13:
                OnShare(Read<ShareGroupTargetAssignmentMemberKey, ShareGroupTargetAssignmentMemberValue>(key, record), k => k.GroupId);
                break;
            case 14:
                OnShare(Read<ShareGroupCurrentMemberAssignmentKey, ShareGroupCurrentMemberAssignmentValue>(key, record), k => k.GroupId);
                break;
            default:
                OnShare(Read<ShareGroupStatePartitionMetadataKey, ShareGroupStatePartitionMetadataValue>(key, record), k => k.GroupId);
                break;
        }
    }

    private void OnStreamsRecord(byte[] key, in RecordView record)
    {
        switch (VersionedBytes.ReadRecordType(key))
        {
            case 17:
                OnStreams(Read<StreamsGroupMetadataKey, StreamsGroupMetadataValue>(key, record), k => k.GroupId);
                break;
            case 19:
                OnStreams(Read<StreamsGroupMemberMetadataKey, StreamsGroupMemberMetadataValue>(key, record), k => k.GroupId);
                break;
            case 20:
                OnStreams(
                    Read<StreamsGroupTargetAssignmentMetadataKey, StreamsGroupTargetAssignmentMetadataValue>(key, record), k => k.GroupId);
                break;
            case 21:
                OnStreams(
                    Read<StreamsGroupTargetAssignmentMemberKey, StreamsGroupTargetAssignmentMemberValue>(key, record), k => k.GroupId);
                break;
            case 22:
                OnStreams(
                    Read<StreamsGroupCurrentMemberAssignmentKey, StreamsGroupCurrentMemberAssignmentValue>(key, record), k => k.GroupId);
                break;
            case 23:
                OnStreams(Read<StreamsGroupTopologyKey, StreamsGroupTopologyValue>(key, record), k => k.GroupId);
                break;
            default:
                // Records of other kinds of groups, which this broker does not keep, and of what older brokers remembered of topics.
                break;
        }
    }

    /// <inheritdoc/>
    public void OnMarker(long producerId, bool isCommit)
    {
        foreach (var entry in all())
        {
            entry.Offsets.CompleteTransaction(producerId, isCommit);
        }
    }

    private void OnOffset(in RecordBatchView batch, byte[] keyBytes, in RecordView record)
    {
        // Types 0 and 1 have the same key; only the number differs.
        keyBytes[1] = 1;
        var key = VersionedBytes.ReadKey<OffsetCommitKey>(keyBytes);
        var partition = new TopicPartition(key.Topic, key.Partition);
        var offsets = getOrAdd(key.Group).Offsets;
        if (!record.HasValue)
        {
            offsets.Delete(partition);
            return;
        }

        var value = VersionedBytes.Read<OffsetCommitValue>(record.Value.ToArray());
        var offset = new CommittedOffset(value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp);
        if (batch.IsTransactional)
        {
            offsets.CommitPending(batch.ProducerId, partition, offset);
        }
        else
        {
            offsets.Commit(partition, offset);
        }
    }

    private void OnGroup(byte[] keyBytes, in RecordView record)
    {
        var groupId = VersionedBytes.ReadKey<GroupMetadataKey>(keyBytes).Group;
        var entry = getOrAdd(groupId);
        if (!record.HasValue)
        {
            // The offsets have records of their own: a group that becomes one of another kind keeps them.
            if (entry.Classic is not null)
            {
                entry.Group = newClassic(groupId);
            }

            return;
        }

        var group = entry.Classic ?? newClassic(groupId);
        entry.Group = group;
        var value = VersionedBytes.Read<GroupMetadataValue>(record.Value.ToArray());
        group.Restore(
            value.Generation,
            value.ProtocolType.Length == 0 ? null : value.ProtocolType,
            value.Protocol,
            value.Leader,
            value.CurrentStateTimestamp,
            GroupRecords.Members(value),
            now);
    }

    private static (TKey Key, CoordinatorRecord Record) Read<TKey, TValue>(byte[] key, in RecordView record)
        where TKey : IRecordKey, IVersioned<TKey>, new()
        where TValue : IVersioned<TValue>, new()
    {
        var read = VersionedBytes.ReadKey<TKey>(key);
        return (read, new CoordinatorRecord(read, record.HasValue ? VersionedBytes.Read<TValue>(record.Value.ToArray()) : null));
    }

    private void OnConsumer<TKey>((TKey Key, CoordinatorRecord Record) read, Func<TKey, string> groupId) => On(
        groupId(read.Key), read.Record, read.Record.Key is ConsumerGroupMetadataKey, e => e.Consumer, newConsumer, (g, r) => g.Apply(r));

    private void OnStreams<TKey>((TKey Key, CoordinatorRecord Record) read, Func<TKey, string> groupId) => On(
        groupId(read.Key), read.Record, read.Record.Key is StreamsGroupMetadataKey, e => e.Streams, newStreams, (g, r) => g.Apply(r));

    private void OnShare<TKey>((TKey Key, CoordinatorRecord Record) read, Func<TKey, string> groupId) => On(
        groupId(read.Key), read.Record, read.Record.Key is ShareGroupMetadataKey, e => e.Share, newShare, (g, r) => g.Apply(r));

    /// <summary>A record of a newer kind of group. It makes the group; when what stands for all of it is deleted, so is it.</summary>
    private void On<TGroup>(
        string groupId, CoordinatorRecord record, bool isWhole, Func<GroupEntry, TGroup?> find, Func<string, TGroup> make,
        Action<TGroup, CoordinatorRecord> apply)
        where TGroup : class, IGroup
    {
        var entry = getOrAdd(groupId);
        if (find(entry) is not { } group)
        {
            if (record.Value is null)
            {
                return;
            }

            entry.Group = group = make(groupId);
        }

        apply(group, record);
        if (isWhole && record.Value is null)
        {
            entry.Group = newClassic(groupId);
        }
    }
}
