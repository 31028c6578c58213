using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups;

/// <content>Heartbeats of the newer kinds of groups; what they changed is durable when the task ends.</content>
internal sealed partial class GroupShard
{
    /// <summary>A heartbeat of KIP-848.</summary>
    public ValueTask<ConsumerGroupHeartbeatResponse> HeartbeatAsync(string groupId, ConsumerHeartbeat heartbeat) =>
        HeartbeatAsync(groupId, heartbeat, entry => ConsumerOf(groupId, heartbeat, entry));

    /// <summary>A heartbeat of a member of a streams group (KIP-1071).</summary>
    public ValueTask<StreamsHeartbeatAnswer> HeartbeatAsync(string groupId, StreamsHeartbeat heartbeat) =>
        HeartbeatAsync(groupId, heartbeat, entry => GroupOf(groupId, heartbeat.IsJoin, entry, entry?.Streams, NewStreams, "streams"));

    /// <summary>A heartbeat of a member of a share group (KIP-932).</summary>
    public ValueTask<ShareGroupHeartbeatResponse> HeartbeatAsync(string groupId, ShareHeartbeat heartbeat) =>
        HeartbeatAsync(groupId, heartbeat, entry => GroupOf(groupId, heartbeat.IsJoin, entry, entry?.Share, NewShare, "share"));

    private async ValueTask<TAnswer> HeartbeatAsync<TGroup, TAnswer>(
        string groupId, IGroupHeartbeat<TGroup, TAnswer> heartbeat, Func<GroupEntry?, (TGroup? Group, GroupRefusal? Refusal)> find)
        where TGroup : class, IGroup
    {
        TAnswer answer;
        ErrorCode error;
        bool isStored;
        lock (_gate)
        {
            var isNew = !_groups.ContainsKey(groupId);
            var (group, refusal) = find(Find(groupId));
            if (refusal is not null)
            {
                _effects.Clear();
                return heartbeat.Refuse(refusal);
            }

            answer = heartbeat.Step(group!, metadata.Image, clock.NowMs, _effects);
            if (heartbeat.IsRefusal(answer))
            {
                group!.NotStored(clock.NowMs, _effects);
                _effects.Clear();
                if (isNew)
                {
                    _groups.Remove(groupId);
                }

                return answer;
            }

            isStored = _effects.Records.Count > 0;
            error = Finish(_groups[groupId]);
        }

        if (error == ErrorCode.None && isStored)
        {
            error = await FlushAsync().ConfigureAwait(false);
        }

        return error == ErrorCode.None ? answer : heartbeat.Refuse(new GroupRefusal(error, ErrorCodes.Describe(error)));
    }

    /// <summary>
    /// The group of KIP-848 that a heartbeat is for. A join makes it, if need be from a classic group, which it replaces once the step is
    /// stored.
    /// </summary>
    private (ConsumerGroup? Group, GroupRefusal? Refusal) ConsumerOf(string groupId, ConsumerHeartbeat heartbeat, GroupEntry? entry)
    {
        if (entry?.Consumer is { } known)
        {
            return (known, null);
        }

        if (!heartbeat.IsJoin || entry is { Classic: null })
        {
            var problem = (entry, heartbeat.IsLeave) switch
            {
                (null, true) => $"Group {groupId} not found.",
                (null, false) => $"Consumer group {groupId} not found.",
                _ => $"Group {groupId} is not a consumer group.",
            };
            return (null, new GroupRefusal(ErrorCode.GroupIdNotFound, problem));
        }

        var group = NewConsumer(groupId);
        return (group, ConsumerGroupConversion.Upgrade(GetOrAdd(groupId).Classic!, group, metadata.Image, _effects));
    }

    /// <summary>The group that a heartbeat is for. A join makes it, if need be in the place of an empty classic group.</summary>
    private (TGroup? Group, GroupRefusal? Refusal) GroupOf<TGroup>(
        string groupId, bool isJoin, GroupEntry? entry, TGroup? known, Func<string, TGroup> make, string kind)
        where TGroup : class, IGroup
    {
        if (known is not null)
        {
            return (known, null);
        }

        if (!isJoin || entry is not (null or { Classic.IsEmpty: true }))
        {
            return (null, new GroupRefusal(
                ErrorCode.GroupIdNotFound, entry is null ? $"Group {groupId} not found." : $"Group {groupId} is not a {kind} group."));
        }

        if (GetOrAdd(groupId).Classic is { ProtocolType: not null })
        {
            _effects.Store(GroupRecords.NoGroup(groupId));
        }

        var group = make(groupId);
        _effects.Successor = group;
        return (group, null);
    }

    private ConsumerGroup NewConsumer(string groupId) =>
        new(groupId, id => settings.Consumer.With(metadata.Image.GroupConfigs.GetValueOrDefault(id)));

    private StreamsGroup NewStreams(string groupId) =>
        new(groupId, id => settings.Streams.With(metadata.Image.GroupConfigs.GetValueOrDefault(id)));

    private ShareGroup NewShare(string groupId) =>
        new(groupId, id => settings.Share.With(metadata.Image.GroupConfigs.GetValueOrDefault(id)));
}
