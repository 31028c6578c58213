using System.Collections.Immutable;
using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>A heartbeat of KIP-932: a member joins, stays or leaves.</summary>
/// <param name="request">What the member says.</param>
/// <param name="clientId">The client's name for people.</param>
/// <param name="clientHost">Where it connects from.</param>
/// <param name="states">The share coordinator.</param>
internal sealed class ShareHeartbeat(ShareGroupHeartbeatRequest request, string clientId, string clientHost, ShareStates states)
    : IGroupHeartbeat<ShareGroup, ShareGroupHeartbeatResponse>
{
    private const int LongestMemberId = 36;

    /// <inheritdoc/>
    public bool IsJoin => request.MemberEpoch == ShareMember.JoinEpoch;

    /// <summary>Whether a text can be a member's id: members make their ids themselves.</summary>
    public static bool IsMemberId(string? memberId) => memberId is { Length: > 0 and <= LongestMemberId };

    /// <summary>What is wrong with a request, whatever the group; null when nothing is.</summary>
    public static GroupRefusal? Check(ShareGroupHeartbeatRequest request)
    {
        var problem = request switch
        {
            { GroupId.Length: 0 } => "GroupId can't be empty.",
            { RackId.Length: 0 } => "RackId can't be empty.",
            _ when !IsMemberId(request.MemberId) => "MemberId has to have 1 to 36 characters.",
            { MemberEpoch: < ShareMember.LeaveEpoch } => "MemberEpoch is invalid.",
            { MemberEpoch: ShareMember.JoinEpoch, SubscribedTopicNames: not { Count: > 0 } } =>
                "SubscribedTopicNames must be set in first request.",
            _ => null,
        };
        return problem is null ? null : new GroupRefusal(ErrorCode.InvalidRequest, problem);
    }

    /// <inheritdoc/>
    public ShareGroupHeartbeatResponse Refuse(GroupRefusal refusal) =>
        new() { ErrorCode = refusal.Error, ErrorMessage = refusal.Message };

    /// <inheritdoc/>
    public bool IsRefusal(ShareGroupHeartbeatResponse answer) => answer.ErrorCode != ErrorCode.None;

    /// <inheritdoc/>
    public ShareGroupHeartbeatResponse Step(ShareGroup group, MetadataImage image, long now, GroupEffects effects)
    {
        if (!group.State.Members.TryGetValue(request.MemberId, out var known) && !IsJoin)
        {
            return Refuse(new GroupRefusal(
                ErrorCode.UnknownMemberId, $"Member {request.MemberId} is not a member of group {group.GroupId}."));
        }

        if (request.MemberEpoch == ShareMember.LeaveEpoch)
        {
            group.Remove(request.MemberId, effects);
            return new() { MemberId = request.MemberId, MemberEpoch = request.MemberEpoch };
        }

        if (known is null && group.State.Members.Count >= group.Settings.MaxSize)
        {
            return Refuse(new GroupRefusal(
                ErrorCode.GroupMaxSizeReached,
                $"The share group has reached its maximum capacity of {group.Settings.MaxSize} members."));
        }

        known ??= new ShareMember { MemberId = request.MemberId };
        if (Fence(known) is { } refusal)
        {
            return Refuse(refusal);
        }

        var member = new ShareGroupStep(group, image, states, now, effects).Run(known with
        {
            RackId = request.RackId ?? known.RackId,
            Topics = request.SubscribedTopicNames is { } names ? names.ToImmutableSortedSet(StringComparer.Ordinal) : known.Topics,
            ClientId = clientId,
            ClientHost = clientHost,
        });
        var wantsAssignment = IsJoin || request.SubscribedTopicNames is not null || !known.Assigned.SetEquals(member.Assigned);
        return new()
        {
            MemberId = member.MemberId,
            MemberEpoch = member.Epoch,
            HeartbeatIntervalMs = IntervalOf(group),
            Assignment = wantsAssignment ? AssignmentOf(member) : null,
        };
    }

    /// <summary>Who waits for an assignment that will be made soon comes back when it can be made.</summary>
    private static int IntervalOf(ShareGroup group) => group.State.Epoch > group.State.TargetEpoch
        ? Math.Min(group.Settings.HeartbeatIntervalMs, group.Settings.AssignmentIntervalMs)
        : group.Settings.HeartbeatIntervalMs;

    private GroupRefusal? Fence(ShareMember member)
    {
        var epoch = request.MemberEpoch;
        return IsJoin || epoch == member.Epoch || (epoch < member.Epoch && epoch == member.PreviousEpoch) ? null : new GroupRefusal(
            ErrorCode.FencedMemberEpoch,
            $"The share group member has a {(epoch > member.Epoch ? "greater" : "smaller")} member epoch ({epoch}) than the one known by "
            + $"the group coordinator ({member.Epoch}). The member must abandon all its partitions and rejoin.");
    }

    private static ShareGroupHeartbeatResponse.AssignmentData AssignmentOf(ShareMember member) => new()
    {
        TopicPartitions = [.. ConsumerGroupRecords.ByTopic(member.Assigned).Select(t =>
            new ShareGroupHeartbeatResponse.TopicPartitions { TopicId = t.Topic, Partitions = t.Partitions })],
    };
}
