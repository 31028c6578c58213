using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>
/// A share group (KIP-932). What requests do to it stands in <see cref="ShareGroupStep"/>; what its members have read is the share
/// coordinator's business. Not thread safe.
/// </summary>
internal sealed class ShareGroup(string groupId, Func<string, ShareGroupSettings> settingsOf)
    : LoggedGroup<ShareGroupState>(groupId, ShareGroupState.New)
{
    /// <summary>The kind of clients there are in such a group.</summary>
    public const string Protocol = "share";

    /// <inheritdoc/>
    public override string Kind => Protocol;

    public ShareGroupSettings Settings => settingsOf(GroupId);

    /// <inheritdoc/>
    public override string Phase => IsEmpty ? "Empty" : "Stable";

    /// <summary>An empty share group knows where its members were; it is deleted by request only.</summary>
    public override bool Expires => false;

    protected override int SessionTimeoutMs => Settings.SessionTimeoutMs;

    protected override int AssignmentIntervalMs => Settings.AssignmentIntervalMs;

    /// <inheritdoc/>
    public override IReadOnlySet<string> SubscribedTopics() => State.SubscribedTopics;

    /// <inheritdoc/>
    public override void Remove(string memberId, GroupEffects effects)
    {
        Write(ShareGroupRecords.NoCurrent(GroupId, memberId), effects);
        Write(ShareGroupRecords.NoTarget(GroupId, memberId), effects);
        Write(ShareGroupRecords.NoMember(GroupId, memberId), effects);
        Write(ShareGroupRecords.Epoch(GroupId, State.Epoch + 1, State.MetadataHash), effects);
    }

    /// <summary>Share groups have no offsets of this kind.</summary>
    public override ErrorCode CheckCommit(OffsetCommitEvent commit, long now) => ErrorCode.GroupIdNotFound;

    /// <inheritdoc/>
    public override ErrorCode CheckFetch(string? memberId, int memberEpoch) => ErrorCode.GroupIdNotFound;

    /// <inheritdoc/>
    public override long? UnusedSince(TopicPartition partition, long committedAt, IReadOnlySet<string>? subscribed) => committedAt;

    /// <inheritdoc/>
    public override IEnumerable<CoordinatorRecord> Tombstones() =>
    [
        .. State.Members.Keys.SelectMany(id => new[]
        {
            ShareGroupRecords.NoCurrent(GroupId, id), ShareGroupRecords.NoTarget(GroupId, id), ShareGroupRecords.NoMember(GroupId, id),
        }),
        ShareGroupRecords.NoTargetEpoch(GroupId),
        ShareGroupRecords.NoTopics(GroupId),
        ShareGroupRecords.NoEpoch(GroupId),
    ];

    /// <inheritdoc/>
    protected override void Assign(long now, GroupEffects effects)
    {
        var state = State;
        var partitions = state.Topics.ToDictionary(
            t => t.Value.Name,
            IReadOnlyList<TopicIdPartition> (t) => [.. t.Value.Partitions.Select(p => new TopicIdPartition(t.Key, p))],
            StringComparer.Ordinal);
        foreach (var (memberId, assigned) in SimpleAssignor.Assign([.. state.Members.Values], partitions, state.TargetOf))
        {
            if (!state.Targets.TryGetValue(memberId, out var old) || !old.SetEquals(assigned))
            {
                Write(ShareGroupRecords.Target(GroupId, memberId, assigned), effects);
            }
        }

        Write(ShareGroupRecords.TargetEpoch(GroupId, State.Epoch, now), effects);
    }

    /// <inheritdoc/>
    protected override string? MemberGoneBy(CoordinatorRecord record) =>
        record is { Key: ShareGroupMemberMetadataKey key, Value: null } ? key.MemberId : null;
}
