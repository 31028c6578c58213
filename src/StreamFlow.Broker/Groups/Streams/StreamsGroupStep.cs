using System.Collections.Immutable;
using System.Globalization;
using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>
/// What every sign of life of a member of a streams group does: takes over what the member says about itself, lays the topology over the
/// topics there are, moves the group to its next epoch when something has changed, makes the target assignment of that epoch, and takes
/// the member nearer to it.
/// </summary>
/// <param name="group">The group.</param>
/// <param name="topics">The topics there are.</param>
/// <param name="now">ms since 1970.</param>
/// <param name="effects">Takes the records.</param>
internal sealed class StreamsGroupStep(
    StreamsGroup group, ImmutableSortedDictionary<string, TopicImage> topics, long now, GroupEffects effects)
{
    /// <summary>Whether the member gets no new tasks yet because the assignment waits.</summary>
    public bool IsDelayed { get; private set; }

    /// <summary>Does all of it.</summary>
    /// <param name="updated">The member with what it says now.</param>
    /// <param name="told">The topology it tells of; null when it does not.</param>
    /// <param name="owned">The tasks it says it has; null when it does not say.</param>
    /// <returns>Why not; null when it was done. Then the member is as the group has it now.</returns>
    /// <exception cref="BrokerException">The topology makes no sense.</exception>
    public GroupRefusal? Run(StreamsMember updated, StreamsTopology? told, StreamsTasks? owned)
    {
        var wasEmpty = group.IsEmpty;
        var isChanged = !group.State.Members.TryGetValue(updated.MemberId, out var known) || !updated.DescribesSameAs(known);
        if (isChanged)
        {
            group.Write(StreamsGroupRecords.Member(group.GroupId, updated), effects);
        }

        if (TakeTopology(told) is { } refusal)
        {
            return refusal;
        }

        var topology = group.State.Topology!;
        var hash = Configure(topology);
        var configured = group.Configured!;
        if (configured.IsReady && owned is not null && FirstUnknown(configured, owned) is { } unknown)
        {
            return new GroupRefusal(
                ErrorCode.InvalidRequest, $"There is no task {unknown.Subtopology}_{unknown.Partition} in the topology of the group.");
        }

        AdvanceEpoch(isChanged, hash, configured);
        if (wasEmpty && group.Settings.InitialRebalanceDelayMs > 0)
        {
            group.Pace.DelayUntil(now + group.Settings.InitialRebalanceDelayMs);
        }

        IsDelayed = !group.TryAssign(now, effects);
        Reconcile(updated.MemberId, owned);
        return null;
    }

    private static StreamsTask? FirstUnknown(ConfiguredTopology topology, StreamsTasks owned)
    {
        foreach (var task in owned.Active.Concat(owned.Standby).Concat(owned.Warmup))
        {
            if (!topology.Has(task))
            {
                return task;
            }
        }

        return null;
    }

    private GroupRefusal? TakeTopology(StreamsTopology? told)
    {
        var topology = group.State.Topology;
        if (topology is null)
        {
            if (told is null)
            {
                return new GroupRefusal(ErrorCode.InvalidRequest,
                    $"Group {group.GroupId} has no topology yet: a member has to join with one.");
            }

            group.Write(StreamsGroupRecords.Topology(group.GroupId, told), effects);
            return null;
        }

        // An older topology is answered with a status; a newer or another one would need the group to be replaced.
        return told is null || told.Epoch < topology.Epoch || told.SameAs(topology)
            ? null
            : new GroupRefusal(
                ErrorCode.InvalidRequest,
                $"Group {group.GroupId} runs another topology. Topologies cannot be changed yet: use another application id.");
    }

    /// <summary>Lays the topology over the topics, when one of them is new.</summary>
    /// <returns>The hash of the required topics.</returns>
    private long Configure(StreamsTopology topology)
    {
        if (ReferenceEquals(group.SeenTopics, topics) && group.Configured?.Epoch == topology.Epoch)
        {
            return group.State.MetadataHash;
        }

        var hash = TopicsHash.Of(topology.RequiredTopics, topics);
        if (group.Configured is null || group.Configured.Epoch != topology.Epoch || hash != group.State.MetadataHash)
        {
            group.Configured = TopologyConfigurator.Configure(topology, topics);
        }

        group.SeenTopics = topics;
        return hash;
    }

    private void AdvanceEpoch(bool isChanged, long hash, ConfiguredTopology configured)
    {
        var state = group.State;
        var standbys = group.Settings.StandbyReplicas.ToString(CultureInfo.InvariantCulture);
        var next = state with
        {
            Epoch = state.Epoch + 1,
            MetadataHash = hash,
            ValidatedTopologyEpoch = configured.IsReady ? configured.Epoch : -1,
            AssignmentConfigs = state.AssignmentConfigs.Clear().Add(StreamsGroupSettings.StandbyReplicasConfig, standbys),
        };
        if (isChanged || hash != state.MetadataHash || next.ValidatedTopologyEpoch != state.ValidatedTopologyEpoch
            || state.AssignmentConfigs.GetValueOrDefault(StreamsGroupSettings.StandbyReplicasConfig) != standbys)
        {
            group.Write(StreamsGroupRecords.Epoch(group.GroupId, next), effects);
        }
    }

    private void Reconcile(string memberId, StreamsTasks? owned)
    {
        var state = group.State;
        var member = state.Members[memberId];
        var next = new StreamsReconciliation(member, state.TargetEpoch, state.TargetOf(memberId), owned, state.Members.Values).Advance();
        var timers = group.TimersOf(memberId);
        if (!ReferenceEquals(next, member))
        {
            group.Write(StreamsGroupRecords.Current(group.GroupId, next), effects);
            timers.Rebalance = next.State == StreamsMemberState.UnrevokedTasks ? now + next.RebalanceTimeoutMs : long.MaxValue;
        }

        group.KeepAlive(memberId, now);
    }
}
