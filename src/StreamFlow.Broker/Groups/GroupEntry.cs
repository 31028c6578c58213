using StreamFlow.Broker.Purgatory;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups;

/// <summary>A group with its offsets and its alarm, as a shard keeps it. Touched under the shard's lock only.</summary>
internal sealed class GroupEntry(string groupId, GroupSettings settings, GroupShard shard) : TimerEntry
{
    public ClassicGroup Group { get; } = new(groupId, settings);

    public GroupOffsets Offsets { get; } = new();

    /// <summary>What the alarm is set to (ms); <see cref="long.MaxValue"/> when it is off.</summary>
    public long ArmedFor { get; set; } = long.MaxValue;

    /// <summary>The topics that members subscribe to, or null when the group is of a kind whose bytes are not known.</summary>
    public HashSet<string>? SubscribedTopics()
    {
        if (Group.ProtocolType != "consumer" || Group.ProtocolName is null)
        {
            return null;
        }

        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in Group.Members)
        {
            try
            {
                topics.UnionWith(VersionedBytes.Read<ConsumerProtocolSubscription>(member.MetadataFor(Group.ProtocolName)).Topics);
            }
            catch (ProtocolException)
            {
                // The bytes belong to the clients. When they are not what is usual, nothing is known about the topics.
                return null;
            }
        }

        return topics;
    }

    /// <inheritdoc/>
    protected internal override void Fire() => shard.OnAlarm(this);
}
