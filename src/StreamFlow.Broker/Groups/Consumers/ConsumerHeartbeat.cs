using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>A heartbeat of KIP-848: a member joins, stays or leaves.</summary>
/// <param name="request">What the member says.</param>
/// <param name="clientId">The client's name for people.</param>
/// <param name="clientHost">Where it connects from.</param>
/// <param name="maySee">Whether the client may know of a topic that its expression matches.</param>
internal sealed class ConsumerHeartbeat(
    ConsumerGroupHeartbeatRequest request, string clientId, string clientHost, Func<string, bool> maySee)
    : IGroupHeartbeat<ConsumerGroup, ConsumerGroupHeartbeatResponse>
{
    /// <inheritdoc/>
    public bool IsJoin => request.MemberEpoch == ConsumerMember.JoinEpoch;

    public bool IsLeave => request.MemberEpoch < ConsumerMember.JoinEpoch;

    /// <summary>What is wrong with a request, whatever the group; null when nothing is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="version">Its version.</param>
    /// <param name="assignors">The assignors that members may vote for.</param>
    public static GroupRefusal? Check(ConsumerGroupHeartbeatRequest request, short version, IReadOnlyCollection<string> assignors)
    {
        var epoch = request.MemberEpoch;
        var needsMemberId = version >= 1 || epoch > 0 || epoch == ConsumerMember.LeaveEpoch;
        var problem = request switch
        {
            { MemberId.Length: 0 } when needsMemberId => "MemberId can't be empty.",
            { GroupId.Length: 0 } => "GroupId can't be empty.",
            { InstanceId.Length: 0 } => "InstanceId can't be empty.",
            { RackId.Length: 0 } => "RackId can't be empty.",
            { MemberEpoch: 0, RebalanceTimeoutMs: -1 } => "RebalanceTimeoutMs must be provided in first request.",
            { MemberEpoch: 0, TopicPartitions: not { Count: 0 } } => "TopicPartitions must be empty when (re-)joining.",
            { MemberEpoch: 0, SubscribedTopicNames: null, SubscribedTopicRegex: null } =>
                "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.",
            { MemberEpoch: ConsumerMember.StaticLeaveEpoch, InstanceId: null } => "InstanceId can't be null.",
            { MemberEpoch: < ConsumerMember.StaticLeaveEpoch } => "MemberEpoch is invalid.",
            _ => null,
        };
        if (problem is not null)
        {
            return new GroupRefusal(ErrorCode.InvalidRequest, problem);
        }

        if (request.ServerAssignor is { } assignor && !assignors.Contains(assignor))
        {
            return new GroupRefusal(
                ErrorCode.UnsupportedAssignor,
                $"ServerAssignor {assignor} is not supported. Supported assignors: {string.Join(", ", assignors)}.");
        }

        return request.SubscribedTopicRegex is { Length: > 0 } text && !TopicExpression.TryParse(text, out _, out var wrong)
            ? new GroupRefusal(
                ErrorCode.InvalidRegularExpression, $"SubscribedTopicRegex `{text}` is not a valid regular expression: {wrong}")
            : null;
    }

    /// <summary>The answer that refuses.</summary>
    public static ConsumerGroupHeartbeatResponse Refuse(GroupRefusal refusal) =>
        new() { ErrorCode = refusal.Error, ErrorMessage = refusal.Message };

    /// <inheritdoc/>
    ConsumerGroupHeartbeatResponse IGroupHeartbeat<ConsumerGroup, ConsumerGroupHeartbeatResponse>.Refuse(GroupRefusal refusal) =>
        Refuse(refusal);

    /// <inheritdoc/>
    public bool IsRefusal(ConsumerGroupHeartbeatResponse answer) => answer.ErrorCode != ErrorCode.None;

    /// <inheritdoc/>
    public ConsumerGroupHeartbeatResponse Step(ConsumerGroup group, MetadataImage image, long now, GroupEffects effects) =>
        IsLeave ? Leave(group, effects) : Run(group, image, now, effects);

    /// <summary>Lets the member join or stay.</summary>
    private ConsumerGroupHeartbeatResponse Run(ConsumerGroup group, MetadataImage image, long now, GroupEffects effects)
    {
        if (group.Count >= group.Settings.MaxSize && !group.TryGet(request.MemberId, out _))
        {
            return Refuse(new GroupRefusal(
                ErrorCode.GroupMaxSizeReached,
                $"The consumer group has reached its maximum capacity of {group.Settings.MaxSize} members."));
        }

        var members = new ConsumerMemberFinder(group, effects);
        var refusal = request.InstanceId is null
            ? members.Dynamic(request.MemberId, request.MemberEpoch, Owned(), out var known)
            : members.Static(request.MemberId, request.InstanceId, request.MemberEpoch, Owned(), out known);
        if (refusal is not null)
        {
            return Refuse(refusal);
        }

        var member = new ConsumerGroupStep(group, image, maySee, now, effects).Run(known, Update(known), Owned());
        var saysEverything = request is { RebalanceTimeoutMs: not -1, TopicPartitions: not null }
            && (request.SubscribedTopicNames ?? (object?)request.SubscribedTopicRegex) is not null;
        var wantsAssignment = IsJoin || saysEverything || !known.Assigned.Keys.ToHashSet().SetEquals(member.Assigned.Keys);
        return new()
        {
            MemberId = member.MemberId,
            MemberEpoch = member.Epoch,
            HeartbeatIntervalMs = group.Settings.HeartbeatIntervalMs,
            Assignment = wantsAssignment ? AssignmentOf(member) : null,
        };
    }

    /// <summary>Lets the member go.</summary>
    private ConsumerGroupHeartbeatResponse Leave(ConsumerGroup group, GroupEffects effects)
    {
        var members = new ConsumerMemberFinder(group, effects);
        var refusal = request.InstanceId is null
            ? members.Known(request.MemberId, out var member)
            : members.KnownStatic(request.MemberId, request.InstanceId, out member);
        if (refusal is not null)
        {
            return Refuse(refusal);
        }

        if (request.MemberEpoch == ConsumerMember.StaticLeaveEpoch)
        {
            // What it holds stays its own until its session ends; what it was to give up is free.
            var away = member with
            {
                Epoch = ConsumerMember.StaticLeaveEpoch,
                PreviousEpoch = member.Epoch,
                Revoking = ImmutableDictionary<TopicIdPartition, int>.Empty,
            };
            group.Write(ConsumerGroupRecords.Current(group.GroupId, away), effects);
            group.TimersOf(member.MemberId).Rebalance = long.MaxValue;
        }
        else
        {
            group.Remove(member.MemberId, effects);
        }

        return new() { MemberId = member.MemberId, MemberEpoch = request.MemberEpoch };
    }

    private static ConsumerGroupHeartbeatResponse.AssignmentData AssignmentOf(ConsumerMember member) => new()
    {
        TopicPartitions = [.. ConsumerGroupRecords.ByTopic(member.Assigned.Keys).Select(t =>
            new ConsumerGroupHeartbeatResponse.TopicPartitions { TopicId = t.Topic, Partitions = t.Partitions })],
    };

    private HashSet<TopicIdPartition>? Owned() =>
        request.TopicPartitions?.SelectMany(t => t.Partitions.Select(p => new TopicIdPartition(t.TopicId, p))).ToHashSet();

    private ConsumerMember Update(ConsumerMember known) => known with
    {
        InstanceId = request.InstanceId ?? known.InstanceId,
        RackId = request.RackId ?? known.RackId,
        RebalanceTimeoutMs = request.RebalanceTimeoutMs == -1 ? known.RebalanceTimeoutMs : request.RebalanceTimeoutMs,
        Assignor = request.ServerAssignor ?? known.Assignor,
        Topics = request.SubscribedTopicNames is { } names ? names.ToImmutableSortedSet(StringComparer.Ordinal) : known.Topics,
        TopicPattern = request.SubscribedTopicRegex ?? known.TopicPattern,
        ClientId = clientId,
        ClientHost = clientHost,
        Classic = null,
    };
}
