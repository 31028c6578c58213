using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <content>Streams groups (KIP-1071).</content>
internal sealed partial class GroupShard
{
    /// <summary>A heartbeat of a member of a streams group; what it changed is durable when the task ends.</summary>
    public async ValueTask<StreamsHeartbeatAnswer> HeartbeatAsync(string groupId, StreamsHeartbeat heartbeat)
    {
        StreamsHeartbeatAnswer answer;
        ErrorCode error;
        bool isStored;
        lock (_gate)
        {
            var isNew = !_groups.ContainsKey(groupId);
            if (StreamsOf(groupId, heartbeat, out var group) is { } refusal)
            {
                _effects.Clear();
                return new StreamsHeartbeatAnswer(refusal);
            }

            answer = heartbeat.IsLeave
                ? heartbeat.Leave(group!, _effects)
                : heartbeat.Run(group!, metadata.Image, clock.NowMs, _effects);
            if (answer.IsRefusal)
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

        return error == ErrorCode.None ? answer : new StreamsHeartbeatAnswer(new GroupRefusal(error, ErrorCodes.Describe(error)));
    }

    /// <summary>The streams group that a heartbeat is for. A join makes it, if need be in the place of an empty classic group.</summary>
    private GroupRefusal? StreamsOf(string groupId, StreamsHeartbeat heartbeat, out StreamsGroup? group)
    {
        var entry = Find(groupId);
        group = entry?.Streams;
        if (group is not null)
        {
            return null;
        }

        if (!heartbeat.IsJoin || entry is not (null or { Classic.IsEmpty: true }))
        {
            return new GroupRefusal(
                ErrorCode.GroupIdNotFound, entry is null ? $"Group {groupId} not found." : $"Group {groupId} is not a streams group.");
        }

        if (GetOrAdd(groupId).Classic is { ProtocolType: not null })
        {
            _effects.Store(GroupRecords.NoGroup(groupId));
        }

        _effects.Successor = group = NewStreams(groupId);
        return null;
    }

    private StreamsGroup NewStreams(string groupId) =>
        new(groupId, id => settings.Streams.With(metadata.Image.GroupConfigs.GetValueOrDefault(id)));
}
