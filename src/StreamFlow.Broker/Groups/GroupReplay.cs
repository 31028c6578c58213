using StreamFlow.Broker.Groups.Consumers;
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
/// <param name="all">Every entry so far.</param>
/// <param name="now">ms; sessions of restored members begin here.</param>
internal sealed class GroupReplay(
    Func<string, GroupEntry> getOrAdd, Func<string, ClassicGroup> newClassic, Func<string, ConsumerGroup> newConsumer,
    Func<string, StreamsGroup> newStreams, Func<IEnumerable<GroupEntry>> all, long now)
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
            default:
                OnStreamsRecord(key, record);
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

    private void OnConsumer<TKey>((TKey Key, CoordinatorRecord Record) read, Func<TKey, string> groupId)
    {
        var entry = getOrAdd(groupId(read.Key));
        if (entry.Consumer is not { } group)
        {
            if (read.Record.Value is null)
            {
                return;
            }

            entry.Group = group = newConsumer(groupId(read.Key));
        }

        group.Apply(read.Record);
        if (read.Record is { Key: ConsumerGroupMetadataKey, Value: null })
        {
            entry.Group = newClassic(groupId(read.Key));
        }
    }

    private void OnStreams<TKey>((TKey Key, CoordinatorRecord Record) read, Func<TKey, string> groupId)
    {
        var entry = getOrAdd(groupId(read.Key));
        if (entry.Streams is not { } group)
        {
            if (read.Record.Value is null)
            {
                return;
            }

            entry.Group = group = newStreams(groupId(read.Key));
        }

        group.Apply(read.Record);
        if (read.Record is { Key: StreamsGroupMetadataKey, Value: null })
        {
            entry.Group = newClassic(groupId(read.Key));
        }
    }
}
