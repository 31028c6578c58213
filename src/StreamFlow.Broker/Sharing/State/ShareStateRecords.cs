using StreamFlow.Broker.Groups;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Sharing.State;

/// <summary>The records of <c>__share_group_state</c>, in Kafka's layouts.</summary>
internal static class ShareStateRecords
{
    /// <summary>The type of a record that has the whole state.</summary>
    public const short SnapshotType = 0;

    /// <summary>The type of a record that has what changed.</summary>
    public const short UpdateType = 1;

    public static CoordinatorRecord Snapshot(SharePartitionKey key, ShareState state, long now) => new(
        SnapshotKey(key),
        new ShareSnapshotValue
        {
            SnapshotEpoch = state.SnapshotEpoch,
            StateEpoch = state.StateEpoch,
            LeaderEpoch = state.LeaderEpoch,
            StartOffset = state.StartOffset,
            DeliveryCompleteCount = state.DoneCount,
            CreateTimestamp = state.CreatedMs,
            WriteTimestamp = now,
            StateBatches = [.. state.Deliveries.Select(d => new ShareSnapshotValue.StateBatch
            {
                FirstOffset = d.First,
                LastOffset = d.Last,
                DeliveryState = (sbyte)d.Value.State,
                DeliveryCount = d.Value.Count,
            })],
        });

    public static CoordinatorRecord Update(SharePartitionKey key, int snapshotEpoch, in ShareStateChange change) => new(
        new ShareUpdateKey { GroupId = key.GroupId, TopicId = key.TopicId, Partition = key.Partition },
        new ShareUpdateValue
        {
            SnapshotEpoch = snapshotEpoch,
            LeaderEpoch = change.LeaderEpoch,
            StartOffset = change.StartOffset,
            DeliveryCompleteCount = change.DoneCount,
            StateBatches = [.. change.Deliveries.Select(d => new ShareUpdateValue.StateBatch
            {
                FirstOffset = d.First,
                LastOffset = d.Last,
                DeliveryState = (sbyte)d.Value.State,
                DeliveryCount = d.Value.Count,
            })],
        });

    public static CoordinatorRecord Tombstone(SharePartitionKey key) => new(SnapshotKey(key), null);

    public static SharePartitionKey KeyOf(ShareSnapshotKey key) => new(key.GroupId, key.TopicId, key.Partition);

    public static SharePartitionKey KeyOf(ShareUpdateKey key) => new(key.GroupId, key.TopicId, key.Partition);

    /// <summary>The state of a snapshot that stands at an offset of the log.</summary>
    public static ShareState Read(ShareSnapshotValue value, long offset)
    {
        var state = new ShareState
        {
            SnapshotEpoch = value.SnapshotEpoch,
            StateEpoch = value.StateEpoch,
            LeaderEpoch = value.LeaderEpoch,
            StartOffset = value.StartOffset,
            CreatedMs = value.CreateTimestamp,
            SnapshotMs = value.WriteTimestamp,
            SnapshotAt = offset,
        };
        state.Apply(new ShareStateChange(
            -1, -1, -1, value.DeliveryCompleteCount,
            value.StateBatches.ConvertAll(b => Range(b.FirstOffset, b.LastOffset, b.DeliveryState, b.DeliveryCount))));
        return state;
    }

    public static ShareStateChange Read(ShareUpdateValue value) => new(
        -1, value.LeaderEpoch, value.StartOffset, value.DeliveryCompleteCount,
        value.StateBatches.ConvertAll(b => Range(b.FirstOffset, b.LastOffset, b.DeliveryState, b.DeliveryCount)));

    /// <summary>A stretch as requests and records have it.</summary>
    public static OffsetRange<Delivery> Range(long first, long last, sbyte state, short count) =>
        new(first, last, new Delivery((RecordState)state, count));

    private static ShareSnapshotKey SnapshotKey(SharePartitionKey key) =>
        new() { GroupId = key.GroupId, TopicId = key.TopicId, Partition = key.Partition };
}
