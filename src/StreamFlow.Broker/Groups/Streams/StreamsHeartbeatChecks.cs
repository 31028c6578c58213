using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Broker.Metadata;
using StreamFlow.Protocol.Messages;
using Subtopology = StreamFlow.Protocol.Messages.StreamsGroupHeartbeatRequest.Subtopology;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>What is wrong with a heartbeat, whatever the group.</summary>
internal static class StreamsHeartbeatChecks
{
    /// <summary>Why the request is refused; null when it is not.</summary>
    public static GroupRefusal? Check(StreamsGroupHeartbeatRequest request)
    {
        if ((Unsupported(request) ?? Invalid(request)) is { } problem)
        {
            return new GroupRefusal(ErrorCode.InvalidRequest, problem);
        }

        return request.Topology is { } topology ? Check(topology) : null;
    }

    /// <summary>What the protocol has a place for, and Kafka 4.3 refuses.</summary>
    private static string? Unsupported(StreamsGroupHeartbeatRequest request) => request switch
    {
        { InstanceId: not null } => "Static membership is not yet supported.",
        { TaskOffsets: not null } => "TaskOffsets are not supported yet.",
        { TaskEndOffsets: not null } => "TaskEndOffsets are not supported yet.",
        { WarmupTasks.Count: > 0 } => "WarmupTasks are not supported yet.",
        { Topology: { } topology } when topology.Subtopologies.Exists(s => s.SourceTopicRegex.Count > 0) =>
            "Regular expressions for source topics are not supported yet.",
        _ => null,
    };

    private static string? Invalid(StreamsGroupHeartbeatRequest request) => request switch
    {
        { MemberId.Length: 0 } => "MemberId can't be empty.",
        { GroupId.Length: 0 } => "GroupId can't be empty.",
        { RackId.Length: 0 } => "RackId can't be empty.",
        { MemberEpoch: StreamsMember.JoinEpoch, RebalanceTimeoutMs: -1 } => "RebalanceTimeoutMs must be provided in first request.",
        { MemberEpoch: StreamsMember.JoinEpoch, ActiveTasks: not { Count: 0 } } => "ActiveTasks must be empty when (re-)joining.",
        { MemberEpoch: StreamsMember.JoinEpoch, StandbyTasks: not { Count: 0 } } => "StandbyTasks must be empty when (re-)joining.",
        { MemberEpoch: StreamsMember.JoinEpoch, WarmupTasks: not { Count: 0 } } => "WarmupTasks must be empty when (re-)joining.",
        { MemberEpoch: StreamsMember.JoinEpoch, Topology: null } => "Topology must be non-null when (re-)joining.",
        { MemberEpoch: StreamsMember.StaticLeaveEpoch } => "InstanceId can't be null.",
        { MemberEpoch: < StreamsMember.StaticLeaveEpoch } =>
            $"MemberEpoch is {request.MemberEpoch}, but must be greater than or equal to -2.",
        { MemberEpoch: not StreamsMember.JoinEpoch, Topology: not null } => "Topology can only be provided when (re-)joining.",
        _ when ((object?[])[request.ActiveTasks, request.StandbyTasks, request.WarmupTasks]).Count(t => t is null) is 1 or 2 =>
            "If one task-type is non-null, all must be non-null.",
        _ => null,
    };

    private static GroupRefusal? Check(StreamsGroupHeartbeatRequest.TopologyData topology)
    {
        foreach (var changelog in topology.Subtopologies.SelectMany(s => s.StateChangelogTopics).Where(t => t.Partitions != 0))
        {
            return Invalid(
                $"Changelog topic {changelog.Name} must have an undefined partition count, but it is set to {changelog.Partitions}.");
        }

        var topics = topology.Subtopologies.SelectMany(s => s.SourceTopics.Concat(s.RepartitionSinkTopics)
            .Concat(s.RepartitionSourceTopics.Concat(s.StateChangelogTopics).Select(t => t.Name))).ToArray();
        if (Array.Find(topics, TopicImage.IsInternalName) is { } own)
        {
            return Invalid($"Topic {own} belongs to the broker; an application cannot use it.");
        }

        if (Array.Find(topics, t => TopicName.WhyInvalid(t) is not null) is { } name)
        {
            return Invalid($"'{name}' is no name of a topic: {TopicName.WhyInvalid(name)}.");
        }

        if (topology.Subtopologies.DistinctBy(s => s.SubtopologyId).Count() < topology.Subtopologies.Count)
        {
            return Invalid("Two subtopologies have the same id.");
        }

        return topology.Subtopologies.Find(s => !HasItsGroups(s)) is { } wrong
            ? Invalid($"Subtopology {wrong.SubtopologyId} groups topics that it does not read.")
            : null;
    }

    private static bool HasItsGroups(Subtopology subtopology) => subtopology.CopartitionGroups.TrueForAll(g =>
        g.SourceTopics.TrueForAll(i => i >= 0 && i < subtopology.SourceTopics.Count)
        && g.RepartitionSourceTopics.TrueForAll(i => i >= 0 && i < subtopology.RepartitionSourceTopics.Count));

    private static GroupRefusal Invalid(string problem) => new(ErrorCode.StreamsInvalidTopology, problem);
}
