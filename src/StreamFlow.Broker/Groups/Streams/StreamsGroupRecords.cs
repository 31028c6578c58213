using System.Collections.Immutable;
using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Protocol.Messages;
using CurrentIds = StreamFlow.Protocol.Messages.StreamsGroupCurrentMemberAssignmentValue.TaskIds;
using TargetIds = StreamFlow.Protocol.Messages.StreamsGroupTargetAssignmentMemberValue.TaskIds;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>The records of streams groups, in Kafka's layouts.</summary>
internal static class StreamsGroupRecords
{
    /// <summary>The group's epoch and what it was reached with.</summary>
    public static CoordinatorRecord Epoch(string group, StreamsGroupState state) => new(
        new StreamsGroupMetadataKey { GroupId = group },
        new StreamsGroupMetadataValue
        {
            Epoch = state.Epoch,
            MetadataHash = state.MetadataHash,
            ValidatedTopologyEpoch = state.ValidatedTopologyEpoch,
            LastAssignmentConfigs = [.. state.AssignmentConfigs.Select(c =>
                new StreamsGroupMetadataValue.LastAssignmentConfig { Key = c.Key, Value = c.Value })],
        });

    public static CoordinatorRecord NoEpoch(string group) => new(new StreamsGroupMetadataKey { GroupId = group }, null);

    public static CoordinatorRecord Topology(string group, StreamsTopology topology) =>
        new(new StreamsGroupTopologyKey { GroupId = group }, topology.Value);

    public static CoordinatorRecord NoTopology(string group) => new(new StreamsGroupTopologyKey { GroupId = group }, null);

    public static CoordinatorRecord Member(string group, StreamsMember member) => new(
        new StreamsGroupMemberMetadataKey { GroupId = group, MemberId = member.MemberId },
        new StreamsGroupMemberMetadataValue
        {
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            TopologyEpoch = member.TopologyEpoch,
            ProcessId = member.ProcessId,
            UserEndpoint = member.Endpoint is not { } endpoint ? null : new() { Host = endpoint.Host, Port = endpoint.Port },
            ClientTags = [.. member.ClientTags.Select(t => new StreamsGroupMemberMetadataValue.KeyValue { Key = t.Key, Value = t.Value })],
        });

    public static CoordinatorRecord NoMember(string group, string member) =>
        new(new StreamsGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);

    public static CoordinatorRecord TargetEpoch(string group, int epoch, long timestamp) => new(
        new StreamsGroupTargetAssignmentMetadataKey { GroupId = group },
        new StreamsGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestamp });

    public static CoordinatorRecord NoTargetEpoch(string group) => new(new StreamsGroupTargetAssignmentMetadataKey { GroupId = group },
        null);

    public static CoordinatorRecord Target(string group, string member, StreamsTasks tasks) => new(
        new StreamsGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member },
        new StreamsGroupTargetAssignmentMemberValue
        {
            ActiveTasks = Target(tasks.Active),
            StandbyTasks = Target(tasks.Standby),
            WarmupTasks = Target(tasks.Warmup),
        });

    public static CoordinatorRecord NoTarget(string group, string member) =>
        new(new StreamsGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);

    public static CoordinatorRecord Current(string group, StreamsMember member) => new(
        new StreamsGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member.MemberId },
        new StreamsGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.Epoch,
            PreviousMemberEpoch = member.PreviousEpoch,
            State = (sbyte)member.State,
            ActiveTasks = WithEpochs(member.Assigned.Active),
            StandbyTasks = Current(member.Assigned.Standby),
            WarmupTasks = Current(member.Assigned.Warmup),
            ActiveTasksPendingRevocation = WithEpochs(member.Revoking.Active),
            StandbyTasksPendingRevocation = Current(member.Revoking.Standby),
            WarmupTasksPendingRevocation = Current(member.Revoking.Warmup),
        });

    public static CoordinatorRecord NoCurrent(string group, string member) =>
        new(new StreamsGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);

    /// <summary>The member that a record describes, with the assignment it had.</summary>
    public static StreamsMember Read(StreamsGroupMemberMetadataValue value, StreamsMember old) => old with
    {
        InstanceId = value.InstanceId,
        RackId = value.RackId,
        ClientId = value.ClientId,
        ClientHost = value.ClientHost,
        RebalanceTimeoutMs = value.RebalanceTimeoutMs,
        TopologyEpoch = value.TopologyEpoch,
        ProcessId = value.ProcessId,
        Endpoint = value.UserEndpoint is not { } endpoint ? null : new StreamsEndpoint(endpoint.Host, endpoint.Port),
        ClientTags = value.ClientTags.ToImmutableSortedDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal),
    };

    /// <summary>The member with the assignment of a record.</summary>
    public static StreamsMember Read(StreamsGroupCurrentMemberAssignmentValue value, StreamsMember old) => old with
    {
        Epoch = value.MemberEpoch,
        PreviousEpoch = value.PreviousMemberEpoch,
        State = (StreamsMemberState)value.State,
        Assigned = Held(value.ActiveTasks, value.StandbyTasks, value.WarmupTasks, value.MemberEpoch),
        Revoking = Held(
            value.ActiveTasksPendingRevocation, value.StandbyTasksPendingRevocation, value.WarmupTasksPendingRevocation, value.MemberEpoch),
    };

    public static StreamsTasks Read(StreamsGroupTargetAssignmentMemberValue value)
    {
        return new StreamsTasks(Set(value.ActiveTasks), Set(value.StandbyTasks), Set(value.WarmupTasks));

        static ImmutableHashSet<StreamsTask> Set(List<TargetIds> ids) =>
            [.. ids.SelectMany(i => StreamsTask.Of(i.SubtopologyId, i.Partitions))];
    }

    private static List<TargetIds> Target(IEnumerable<StreamsTask> tasks) =>
        [.. StreamsTask.Grouped(tasks).Select(t => new TargetIds { SubtopologyId = t.Subtopology, Partitions = t.Partitions })];

    private static List<CurrentIds> Current(IEnumerable<StreamsTask> tasks) =>
        [.. StreamsTask.Grouped(tasks).Select(t => new CurrentIds { SubtopologyId = t.Subtopology, Partitions = t.Partitions })];

    private static List<CurrentIds> WithEpochs(ImmutableDictionary<StreamsTask, int> tasks)
    {
        var ids = Current(tasks.Keys);
        ids.ForEach(i => i.AssignmentEpochs = i.Partitions.ConvertAll(p => tasks[new StreamsTask(i.SubtopologyId, p)]));
        return ids;
    }

    /// <summary>Records of brokers before 4.3 have no epochs of their own for tasks; the member's stands in.</summary>
    private static HeldTasks Held(List<CurrentIds> active, List<CurrentIds> standby, List<CurrentIds> warmup, int memberEpoch)
    {
        var epochs = ImmutableDictionary.CreateBuilder<StreamsTask, int>();
        foreach (var ids in active)
        {
            for (var i = 0; i < ids.Partitions.Count; i++)
            {
                epochs[new StreamsTask(ids.SubtopologyId, ids.Partitions[i])] =
                    ids.AssignmentEpochs is { } own && i < own.Count ? own[i] : memberEpoch;
            }
        }

        return new HeldTasks { Active = epochs.ToImmutable(), Standby = Set(standby), Warmup = Set(warmup) };

        static ImmutableHashSet<StreamsTask> Set(List<CurrentIds> ids) =>
            [.. ids.SelectMany(i => StreamsTask.Of(i.SubtopologyId, i.Partitions))];
    }
}
