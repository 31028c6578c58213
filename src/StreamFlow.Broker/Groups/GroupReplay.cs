using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups;

/// <summary>Turns the records of a partition of <c>__consumer_offsets</c> into groups and offsets.</summary>
/// <param name="getOrAdd">Finds or makes a group.</param>
/// <param name="remove">Takes a group out.</param>
/// <param name="all">Every group so far.</param>
/// <param name="now">ms; sessions of restored members begin here.</param>
internal sealed class GroupReplay(Func<string, GroupEntry> getOrAdd, Action<string> remove, Func<IEnumerable<GroupEntry>> all, long now)
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
            default:
                // Records of other kinds of groups, which this broker does not keep.
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
        if (!record.HasValue)
        {
            remove(groupId);
            return;
        }

        var value = VersionedBytes.Read<GroupMetadataValue>(record.Value.ToArray());
        getOrAdd(groupId).Group.Restore(
            value.Generation,
            value.ProtocolType.Length == 0 ? null : value.ProtocolType,
            value.Protocol,
            value.Leader,
            value.CurrentStateTimestamp,
            GroupRecords.Members(value),
            now);
    }
}
