using System.Collections.Immutable;
using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>What the log says of a streams group: each record makes the next state. Immutable.</summary>
internal sealed record StreamsGroupState : ILoggedState<StreamsGroupState>
{
    /// <summary>The state of a group of which the log says nothing; its first member takes it to the next epoch.</summary>
    public static StreamsGroupState New { get; } = new();

    /// <summary>Grows with each change of members, topology or topics.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Tells one state of the required topics from another.</summary>
    public long MetadataHash { get; init; }

    /// <summary>The epoch of the topology that the topics were found to be right for; -1 when they are not.</summary>
    public int ValidatedTopologyEpoch { get; init; } = -1;

    /// <summary>The settings that the last assignment was made with.</summary>
    public ImmutableSortedDictionary<string, string> AssignmentConfigs { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The group's epoch that the target assignment was made for. Before the first it is 1, which members get that have to wait for it: a
    /// member at epoch 0 would have to join again.
    /// </summary>
    public int TargetEpoch { get; init; } = 1;

    /// <summary>When the target assignment was made (ms since 1970); 0 before the first.</summary>
    public long TargetTimestamp { get; init; }

    /// <summary>What the members run; null before the first has told.</summary>
    public StreamsTopology? Topology { get; init; }

    public ImmutableSortedDictionary<string, StreamsMember> Members { get; init; } =
        ImmutableSortedDictionary.Create<string, StreamsMember>(StringComparer.Ordinal);

    /// <summary>What each member is meant to have.</summary>
    public ImmutableSortedDictionary<string, StreamsTasks> Targets { get; init; } =
        ImmutableSortedDictionary.Create<string, StreamsTasks>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<string> MemberIds => Members.Keys;

    /// <inheritdoc/>
    public bool HasMember(string memberId) => Members.ContainsKey(memberId);

    public StreamsTasks TargetOf(string memberId) => Targets.GetValueOrDefault(memberId) ?? StreamsTasks.None;

    /// <summary>The state after a record.</summary>
    public StreamsGroupState With(CoordinatorRecord record) => record.Key switch
    {
        StreamsGroupMetadataKey => With((StreamsGroupMetadataValue?)record.Value),
        StreamsGroupTopologyKey => this with
        {
            Topology = record.Value is StreamsGroupTopologyValue value ? new StreamsTopology(value) : null,
        },
        StreamsGroupTargetAssignmentMetadataKey => this with
        {
            TargetEpoch = (record.Value as StreamsGroupTargetAssignmentMetadataValue)?.AssignmentEpoch ?? New.TargetEpoch,
            TargetTimestamp = (record.Value as StreamsGroupTargetAssignmentMetadataValue)?.AssignmentTimestamp ?? 0,
        },
        StreamsGroupTargetAssignmentMemberKey key => this with
        {
            Targets = record.Value is StreamsGroupTargetAssignmentMemberValue value
                ? Targets.SetItem(key.MemberId, StreamsGroupRecords.Read(value))
                : Targets.Remove(key.MemberId),
        },
        StreamsGroupMemberMetadataKey key => this with
        {
            Members = record.Value is StreamsGroupMemberMetadataValue value
                ? Members.SetItem(key.MemberId, StreamsGroupRecords.Read(value, MemberOrNew(key.MemberId)))
                : Members.Remove(key.MemberId),
        },
        StreamsGroupCurrentMemberAssignmentKey key => With(key.MemberId, record.Value as StreamsGroupCurrentMemberAssignmentValue),
        _ => throw new ArgumentException($"{record.Key.GetType().Name} does not belong to a streams group", nameof(record)),
    };

    public StreamsMember MemberOrNew(string memberId) => Members.GetValueOrDefault(memberId) ?? new StreamsMember { MemberId = memberId };

    private StreamsGroupState With(StreamsGroupMetadataValue? value) => this with
    {
        Epoch = value?.Epoch ?? New.Epoch,
        MetadataHash = value?.MetadataHash ?? 0,
        ValidatedTopologyEpoch = value?.ValidatedTopologyEpoch ?? -1,
        AssignmentConfigs = (value?.LastAssignmentConfigs ?? []).ToImmutableSortedDictionary(c => c.Key, c => c.Value,
            StringComparer.Ordinal),
    };

    private StreamsGroupState With(string memberId, StreamsGroupCurrentMemberAssignmentValue? value)
    {
        if (value is not null)
        {
            return this with { Members = Members.SetItem(memberId, StreamsGroupRecords.Read(value, MemberOrNew(memberId))) };
        }

        // A tombstone of a member that has gone altogether brings nobody back.
        return !Members.TryGetValue(memberId, out var member) ? this : this with
        {
            Members = Members.SetItem(memberId, member with
            {
                Epoch = 0,
                PreviousEpoch = 0,
                State = StreamsMemberState.Stable,
                Assigned = HeldTasks.None,
                Revoking = HeldTasks.None,
            }),
        };
    }
}
