using StreamFlow.Broker.Groups.Streams.Assignment;
using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>A streams group (KIP-1071). What requests do to it stands in <see cref="StreamsGroupStep"/>. Not thread safe.</summary>
internal sealed class StreamsGroup(string groupId, Func<string, StreamsGroupSettings> settingsOf)
    : LoggedGroup<StreamsGroupState>(groupId, StreamsGroupState.New)
{
    /// <summary>The kind of clients there are in such a group.</summary>
    public const string Protocol = "streams";

    /// <inheritdoc/>
    public override string Kind => Protocol;

    public StreamsGroupSettings Settings => settingsOf(GroupId);

    /// <summary>The topology over the topics there were at the last heartbeat; not in the log.</summary>
    public ConfiguredTopology? Configured { get; set; }

    /// <summary>The member that asked the whole application to stop; null when none did.</summary>
    public string? ShutdownRequestedBy { get; set; }

    /// <summary>Grows when somebody with an endpoint gets other tasks; members that know an older one are told anew.</summary>
    public int EndpointEpoch { get; set; }

    /// <inheritdoc/>
    public override string Phase => State switch
    {
        { Members.IsEmpty: true } => "Empty",
        { Topology: null } => "NotReady",
        _ when State.Topology.Epoch != State.ValidatedTopologyEpoch => "NotReady",
        _ when State.Epoch > State.TargetEpoch => "Assigning",
        _ when State.Members.Values.Any(m => !m.IsReconciledTo(State.TargetEpoch)) => "Reconciling",
        _ => "Stable",
    };

    protected override int SessionTimeoutMs => Settings.SessionTimeoutMs;

    protected override int AssignmentIntervalMs => Settings.AssignmentIntervalMs;

    /// <inheritdoc/>
    public override IReadOnlySet<string> SubscribedTopics() =>
        IsEmpty || State.Topology is null ? new HashSet<string>() : State.Topology.SourceTopics.ToHashSet(StringComparer.Ordinal);

    /// <summary>What the member is waited for.</summary>
    public MemberTimers TimersOf(string memberId) => Sessions.Of(memberId);

    /// <inheritdoc/>
    public override void BeginSessions(bool membersAreGone, long now)
    {
        base.BeginSessions(membersAreGone, now);
        foreach (var member in State.Members.Values.Where(m => !membersAreGone && m.State == StreamsMemberState.UnrevokedTasks))
        {
            TimersOf(member.MemberId).Rebalance = now + member.RebalanceTimeoutMs;
        }
    }

    /// <inheritdoc/>
    public override void Remove(string memberId, GroupEffects effects)
    {
        Write(StreamsGroupRecords.NoCurrent(GroupId, memberId), effects);
        Write(StreamsGroupRecords.NoTarget(GroupId, memberId), effects);
        Write(StreamsGroupRecords.NoMember(GroupId, memberId), effects);
        Write(StreamsGroupRecords.Epoch(GroupId, State with { Epoch = State.Epoch + 1 }), effects);
    }

    /// <inheritdoc/>
    public override ErrorCode CheckCommit(OffsetCommitEvent commit, long now)
    {
        var identity = commit.Identity;
        var isAnonymous = identity.Generation < 0 && identity.MemberId.Length == 0 && identity.InstanceId is null;
        if ((identity.Generation < 0 && IsEmpty) || (commit.IsTransactional && isAnonymous))
        {
            return ErrorCode.None;
        }

        if (!State.Members.TryGetValue(identity.MemberId, out var member))
        {
            return ErrorCode.UnknownMemberId;
        }

        if (!commit.IsTransactional && !commit.KnowsEpochs)
        {
            return ErrorCode.UnsupportedVersion;
        }

        // At an older epoch than its own a member may commit for the tasks it has held since then (KIP-1251).
        var holdsSince = identity.Generation < member.Epoch
            && commit.Names.All(p => AssignedAt(member, p) is { } since && since <= identity.Generation);
        return identity.Generation == member.Epoch || holdsSince ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
    }

    /// <inheritdoc/>
    public override ErrorCode CheckFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0)
        {
            return ErrorCode.None;
        }

        return memberId is not null && State.Members.TryGetValue(memberId, out var member)
            ? member.Epoch == memberEpoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch
            : ErrorCode.UnknownMemberId;
    }

    /// <inheritdoc/>
    public override long? UnusedSince(TopicPartition partition, long committedAt, IReadOnlySet<string>? subscribed) =>
        subscribed?.Contains(partition.Topic) == true ? null : committedAt;

    /// <inheritdoc/>
    public override IEnumerable<CoordinatorRecord> Tombstones() =>
    [
        .. State.Members.Keys.SelectMany(id => new[]
        {
            StreamsGroupRecords.NoCurrent(GroupId, id), StreamsGroupRecords.NoTarget(GroupId, id), StreamsGroupRecords.NoMember(GroupId,
                id),
        }),
        StreamsGroupRecords.NoTargetEpoch(GroupId),
        StreamsGroupRecords.NoEpoch(GroupId),
        StreamsGroupRecords.NoTopology(GroupId),
    ];

    /// <summary>Makes the assignment. While topics are missing or wrong nobody gets a task.</summary>
    protected override void Assign(long now, GroupEffects effects)
    {
        var state = State;
        var assignment = Configured is { IsReady: true, Subtopologies: { } parts }
            ? StickyTaskAssignor.Assign(state.Members.Values, state.TargetOf, [.. parts.Values], Settings.StandbyReplicas)
            : state.Members.Keys.Select(id => KeyValuePair.Create(id, StreamsTasks.None));
        foreach (var (memberId, tasks) in assignment)
        {
            if (!state.Targets.TryGetValue(memberId, out var old) || !old.SameAs(tasks))
            {
                Write(StreamsGroupRecords.Target(GroupId, memberId, tasks), effects);
            }
        }

        Write(StreamsGroupRecords.TargetEpoch(GroupId, State.Epoch, now), effects);
    }

    /// <inheritdoc/>
    protected override string? MemberGoneBy(CoordinatorRecord record) =>
        record is { Key: StreamsGroupMemberMetadataKey key, Value: null } ? key.MemberId : null;

    /// <inheritdoc/>
    protected override void Take(CoordinatorRecord record)
    {
        base.Take(record);
        if (IsEmpty)
        {
            ShutdownRequestedBy = null;
        }
    }

    /// <summary>Since which epoch a member has, or has to give up, the task that reads a partition; null when it does not.</summary>
    private int? AssignedAt(StreamsMember member, TopicPartition partition)
    {
        if (State.Topology?.ReaderOf(partition.Topic) is not { } subtopology)
        {
            return null;
        }

        var task = new StreamsTask(subtopology, partition.Partition);
        return member.Assigned.Active.TryGetValue(task, out var since) || member.Revoking.Active.TryGetValue(task,
            out since) ? since : null;
    }
}
