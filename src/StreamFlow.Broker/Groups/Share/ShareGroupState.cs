using System.Collections.Immutable;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>What the log says of a share group: each record makes the next state. Immutable.</summary>
internal sealed record ShareGroupState : ILoggedState<ShareGroupState>
{
    /// <summary>The state of a group of which the log says nothing; its first member takes it to the next epoch.</summary>
    public static ShareGroupState New { get; } = new();

    /// <summary>Grows with each change of members, subscriptions or topics.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Tells one state of the subscribed topics from another.</summary>
    public long MetadataHash { get; init; }

    /// <summary>The group's epoch that the target assignment was made for; 0 before the first.</summary>
    public int TargetEpoch { get; init; }

    /// <summary>When the target assignment was made (ms since 1970); 0 before the first.</summary>
    public long TargetTimestamp { get; init; }

    public ImmutableSortedDictionary<string, ShareMember> Members { get; init; } =
        ImmutableSortedDictionary.Create<string, ShareMember>(StringComparer.Ordinal);

    /// <summary>What each member is meant to have.</summary>
    public ImmutableDictionary<string, ImmutableHashSet<TopicIdPartition>> Targets { get; init; } =
        ImmutableDictionary.Create<string, ImmutableHashSet<TopicIdPartition>>(StringComparer.Ordinal);

    /// <summary>The topics that the share coordinator keeps states of for this group; only those are handed out.</summary>
    public ImmutableDictionary<Guid, SharedTopic> Topics { get; init; } = ImmutableDictionary<Guid, SharedTopic>.Empty;

    /// <inheritdoc/>
    public IEnumerable<string> MemberIds => Members.Keys;

    /// <inheritdoc/>
    public bool HasMember(string memberId) => Members.ContainsKey(memberId);

    public ImmutableHashSet<TopicIdPartition> TargetOf(string memberId) => Targets.GetValueOrDefault(memberId) ?? [];

    /// <summary>The topics that members read.</summary>
    public IReadOnlySet<string> SubscribedTopics => Members.Values.SelectMany(m => m.Topics).ToHashSet(StringComparer.Ordinal);

    /// <summary>The state after a record.</summary>
    public ShareGroupState With(CoordinatorRecord record) => record.Key switch
    {
        ShareGroupMetadataKey => this with
        {
            Epoch = (record.Value as ShareGroupMetadataValue)?.Epoch ?? New.Epoch,
            MetadataHash = (record.Value as ShareGroupMetadataValue)?.MetadataHash ?? 0,
        },
        ShareGroupTargetAssignmentMetadataKey => this with
        {
            TargetEpoch = (record.Value as ShareGroupTargetAssignmentMetadataValue)?.AssignmentEpoch ?? New.TargetEpoch,
            TargetTimestamp = (record.Value as ShareGroupTargetAssignmentMetadataValue)?.AssignmentTimestamp ?? 0,
        },
        ShareGroupTargetAssignmentMemberKey key => this with
        {
            Targets = record.Value is ShareGroupTargetAssignmentMemberValue value
                ? Targets.SetItem(key.MemberId, ShareGroupRecords.Read(value))
                : Targets.Remove(key.MemberId),
        },
        ShareGroupMemberMetadataKey key => this with
        {
            Members = record.Value is ShareGroupMemberMetadataValue value
                ? Members.SetItem(key.MemberId, ShareGroupRecords.Read(value, MemberOrNew(key.MemberId)))
                : Members.Remove(key.MemberId),
        },
        ShareGroupCurrentMemberAssignmentKey key => With(key.MemberId, record.Value as ShareGroupCurrentMemberAssignmentValue),
        ShareGroupStatePartitionMetadataKey => this with
        {
            Topics = ShareGroupRecords.Read(record.Value as ShareGroupStatePartitionMetadataValue),
        },
        _ => throw new ArgumentException($"{record.Key.GetType().Name} does not belong to a share group", nameof(record)),
    };

    private ShareMember MemberOrNew(string memberId) => Members.GetValueOrDefault(memberId) ?? new ShareMember { MemberId = memberId };

    private ShareGroupState With(string memberId, ShareGroupCurrentMemberAssignmentValue? value)
    {
        // A tombstone of a member that has gone altogether brings nobody back.
        if (value is null && !Members.ContainsKey(memberId))
        {
            return this;
        }

        var member = MemberOrNew(memberId);
        return this with
        {
            Members = Members.SetItem(memberId, member with
            {
                Epoch = value?.MemberEpoch ?? 0,
                PreviousEpoch = value?.PreviousMemberEpoch ?? 0,
                Assigned = value is null ? [] : ShareGroupRecords.Read(value),
            }),
        };
    }
}
