using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using Described = StreamFlow.Protocol.Messages.StreamsGroupDescribeResponse;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes streams groups, their topologies and their members.</summary>
internal sealed class StreamsGroupDescribeHandler(GroupCoordinator groups)
    : RequestHandler<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse>
{
    protected override async ValueTask<StreamsGroupDescribeResponse?> HandleAsync(
        RequestContext context, StreamsGroupDescribeRequest request) => new()
    {
        Groups = await GroupDescriptions.OfAsync(
            groups, request.GroupIds, Describe, id => new Described.DescribedGroup { GroupId = id, ErrorCode = ErrorCode.InvalidGroupId })
            .ConfigureAwait(false),
    };

    private static Described.DescribedGroup Describe(string groupId, GroupEntry? entry)
    {
        if (entry?.Streams is not { } group)
        {
            return new()
            {
                GroupId = groupId,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = entry is null ? $"Group {groupId} not found." : $"Group {groupId} is not a streams group.",
            };
        }

        return new()
        {
            GroupId = groupId,
            GroupState = group.Phase,
            GroupEpoch = group.State.Epoch,
            AssignmentEpoch = group.State.TargetEpoch,
            Topology = group.Configured is { IsReady: true } ready ? Describe(ready) : Describe(group.State.Topology),
            Members = [.. group.State.Members.Values.Select(m => Describe(m, group.State.TargetOf(m.MemberId)))],
        };
    }

    private static Described.Topology Describe(ConfiguredTopology topology) => new()
    {
        Epoch = topology.Epoch,
        Subtopologies = [.. topology.Subtopologies!.Values.Select(s => new Described.Subtopology
        {
            SubtopologyId = s.Id,
            SourceTopics = [.. s.SourceTopics],
            RepartitionSinkTopics = [.. s.RepartitionSinkTopics],
            StateChangelogTopics = [.. s.ChangelogTopics.Select(Describe)],
            RepartitionSourceTopics = [.. s.RepartitionSourceTopics.Select(Describe)],
        })],
    };

    /// <summary>A topology as it was told, because not all of its topics are there or known.</summary>
    private static Described.Topology? Describe(StreamsTopology? topology) => topology is null ? null : new()
    {
        Epoch = topology.Epoch,
        Subtopologies = [.. topology.Subtopologies.Select(s => new Described.Subtopology
        {
            SubtopologyId = s.SubtopologyId,
            SourceTopics = s.SourceTopics,
            RepartitionSinkTopics = s.RepartitionSinkTopics,
            StateChangelogTopics = s.StateChangelogTopics.ConvertAll(Describe),
            RepartitionSourceTopics = s.RepartitionSourceTopics.ConvertAll(Describe),
        })],
    };

    private static Described.TopicInfo Describe(InternalTopic topic) => new()
    {
        Name = topic.Name,
        Partitions = topic.Partitions,
        ReplicationFactor = topic.ReplicationFactor,
        TopicConfigs = [.. topic.Configs.Select(c => new Described.KeyValue { Key = c.Key, Value = c.Value })],
    };

    private static Described.TopicInfo Describe(StreamsGroupTopologyValue.TopicInfo topic) => new()
    {
        Name = topic.Name,
        Partitions = topic.Partitions,
        ReplicationFactor = topic.ReplicationFactor,
        TopicConfigs = topic.TopicConfigs.ConvertAll(c => new Described.KeyValue { Key = c.Key, Value = c.Value }),
    };

    private static Described.Member Describe(StreamsMember member, StreamsTasks target) => new()
    {
        MemberId = member.MemberId,
        MemberEpoch = member.Epoch,
        InstanceId = member.InstanceId,
        RackId = member.RackId,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        TopologyEpoch = member.TopologyEpoch,
        ProcessId = member.ProcessId,
        UserEndpoint = member.Endpoint is not { } endpoint ? null : new() { Host = endpoint.Host, Port = endpoint.Port },
        ClientTags = [.. member.ClientTags.Select(t => new Described.KeyValue { Key = t.Key, Value = t.Value })],
        Assignment = Describe(new StreamsTasks([.. member.Assigned.Active.Keys], member.Assigned.Standby, member.Assigned.Warmup)),
        TargetAssignment = Describe(target),
    };

    private static Described.Assignment Describe(StreamsTasks tasks)
    {
        return new() { ActiveTasks = Ids(tasks.Active), StandbyTasks = Ids(tasks.Standby), WarmupTasks = Ids(tasks.Warmup) };

        static List<Described.TaskIds> Ids(IEnumerable<StreamsTask> ids) =>
            [.. StreamsTask.Grouped(ids).Select(t => new Described.TaskIds { SubtopologyId = t.Subtopology, Partitions = t.Partitions })];
    }
}
