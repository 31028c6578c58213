using StreamFlow.Broker.Groups.Streams.Assignment;
using StreamFlow.Broker.Groups.Streams.Topology;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>Makes the target assignment of a group's epoch.</summary>
internal static class StreamsAssignment
{
    /// <summary>Whether the last assignment is too young for a new one: what changes until then is taken together.</summary>
    public static bool IsTooEarly(StreamsGroup group, long now) =>
        group.State.TargetTimestamp != 0 && now < group.State.TargetTimestamp + group.Settings.AssignmentIntervalMs;

    /// <summary>Makes it. While topics are missing or wrong nobody gets a task.</summary>
    public static void Make(StreamsGroup group, ConfiguredTopology topology, long now, GroupEffects effects)
    {
        var state = group.State;
        var assignment = topology is { IsReady: true, Subtopologies: { } parts }
            ? StickyTaskAssignor.Assign(state.Members.Values, state.TargetOf, [.. parts.Values], group.Settings.StandbyReplicas)
            : state.Members.Keys.Select(id => KeyValuePair.Create(id, StreamsTasks.None));
        foreach (var (memberId, tasks) in assignment)
        {
            if (!state.Targets.TryGetValue(memberId, out var old) || !old.SameAs(tasks))
            {
                group.Write(StreamsGroupRecords.Target(group.GroupId, memberId, tasks), effects);
            }
        }

        group.Write(StreamsGroupRecords.TargetEpoch(group.GroupId, group.State.Epoch, now), effects);
    }
}
