using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Broker.Purgatory;

namespace StreamFlow.Broker.Groups;

/// <summary>A group with its offsets and its alarm, as a shard keeps it. Touched under the shard's lock only.</summary>
internal sealed class GroupEntry(string groupId, GroupSettings settings, GroupShard shard) : TimerEntry
{
    public IGroup Group { get; set; } = new ClassicGroup(groupId, settings);

    /// <summary>The group, if it is a classic one.</summary>
    public ClassicGroup? Classic => Group as ClassicGroup;

    /// <summary>The group, if it is one of KIP-848.</summary>
    public ConsumerGroup? Consumer => Group as ConsumerGroup;

    /// <summary>The group, if it is one of KIP-1071.</summary>
    public StreamsGroup? Streams => Group as StreamsGroup;

    /// <summary>The group, if it is one of KIP-932.</summary>
    public ShareGroup? Share => Group as ShareGroup;

    public GroupOffsets Offsets { get; } = new();

    /// <summary>What the alarm is set to (ms); <see cref="long.MaxValue"/> when it is off.</summary>
    public long ArmedFor { get; set; } = long.MaxValue;

    /// <inheritdoc/>
    protected internal override void Fire() => shard.OnAlarm(this);
}
