using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>
/// A streams group (KIP-1071). What outlives the broker is <see cref="State"/>, which changes by the records of the log alone:
/// <see cref="Write"/> makes one that goes there, <see cref="Apply"/> takes one that comes from there. What requests do to it stands in
/// <see cref="StreamsGroupStep"/>. Not thread safe.
/// </summary>
internal sealed class StreamsGroup(string groupId, Func<string, StreamsGroupSettings> settingsOf) : IGroup
{
    /// <summary>The kind of clients there are in such a group.</summary>
    public const string Protocol = "streams";

    private readonly MemberSessions _sessions = new();
    private StreamsGroupState _beforeStep = StreamsGroupState.New;

    public string GroupId { get; } = groupId;

    /// <inheritdoc/>
    public string Kind => "streams";

    /// <inheritdoc/>
    public string ProtocolType => Protocol;

    public StreamsGroupSettings Settings => settingsOf(GroupId);

    /// <summary>What the log says of the group, or will once the step at work is stored.</summary>
    public StreamsGroupState State { get; private set; } = StreamsGroupState.New;

    /// <summary>The topology over the topics there were at the last heartbeat; not in the log.</summary>
    public ConfiguredTopology? Configured { get; set; }

    /// <summary>The topics of the cluster when the group last looked at them; not in the log.</summary>
    public object? SeenTopics { get; set; }

    /// <summary>Until when the first assignment waits for more members (ms); <see cref="long.MaxValue"/> when it does not wait.</summary>
    public long DelayedUntil { get; set; } = long.MaxValue;

    /// <summary>The member that asked the whole application to stop; null when none did.</summary>
    public string? ShutdownRequestedBy { get; set; }

    /// <summary>Grows when somebody with an endpoint gets other tasks; members that know an older one are told anew.</summary>
    public int EndpointEpoch { get; set; }

    /// <inheritdoc/>
    public bool IsEmpty => State.Members.IsEmpty;

    /// <inheritdoc/>
    string IGroup.State => Phase;

    /// <summary>The state, as Kafka names it.</summary>
    public string Phase => State switch
    {
        { Members.IsEmpty: true } => "Empty",
        { Topology: null } => "NotReady",
        _ when State.Topology.Epoch != State.ValidatedTopologyEpoch => "NotReady",
        _ when State.Epoch > State.TargetEpoch => "Assigning",
        _ when State.Members.Values.Any(m => !m.IsReconciledTo(State.TargetEpoch)) => "Reconciling",
        _ => "Stable",
    };

    /// <inheritdoc/>
    public long NextDeadline => Math.Min(DelayedUntil, _sessions.Next);

    /// <inheritdoc/>
    public IReadOnlySet<string> SubscribedTopics() =>
        IsEmpty || State.Topology is null ? new HashSet<string>() : State.Topology.SourceTopics.ToHashSet(StringComparer.Ordinal);

    /// <summary>What the member is waited for.</summary>
    public MemberTimers TimersOf(string memberId) => _sessions.Of(memberId);

    /// <summary>A sign of life: the session begins anew.</summary>
    public void KeepAlive(string memberId, long now) => TimersOf(memberId).Session = now + Settings.SessionTimeoutMs;

    /// <summary>The group was loaded: sessions begin anew, or end at once when members died with the broker.</summary>
    public void BeginSessions(bool membersAreGone, long now)
    {
        foreach (var member in State.Members.Values)
        {
            var timers = TimersOf(member.MemberId);
            timers.Session = membersAreGone ? now : now + Settings.SessionTimeoutMs;
            if (!membersAreGone && member.State == StreamsMemberState.UnrevokedTasks)
            {
                timers.Rebalance = now + member.RebalanceTimeoutMs;
            }
        }
    }

    /// <inheritdoc/>
    public void Tick(long now, GroupEffects effects)
    {
        foreach (var memberId in _sessions.TakeDue(now, State.Members.ContainsKey))
        {
            Remove(memberId, effects);
        }

        if (DelayedUntil <= now)
        {
            DelayedUntil = long.MaxValue;
            if (!IsEmpty && Configured is { } topology)
            {
                StreamsAssignment.Make(this, topology, now, effects);
            }
        }
    }

    /// <summary>A member is out, for whatever reason; the others will be assigned anew.</summary>
    public void Remove(string memberId, GroupEffects effects)
    {
        Write(StreamsGroupRecords.NoCurrent(GroupId, memberId), effects);
        Write(StreamsGroupRecords.NoTarget(GroupId, memberId), effects);
        Write(StreamsGroupRecords.NoMember(GroupId, memberId), effects);
        Write(StreamsGroupRecords.Epoch(GroupId, State with { Epoch = State.Epoch + 1 }), effects);
    }

    /// <inheritdoc/>
    public ErrorCode CheckCommit(OffsetCommitEvent commit, long now)
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
    public ErrorCode CheckFetch(string? memberId, int memberEpoch)
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
    public long? UnusedSince(TopicPartition partition, long committedAt, IReadOnlySet<string>? subscribed) =>
        subscribed?.Contains(partition.Topic) == true ? null : committedAt;

    /// <inheritdoc/>
    public IEnumerable<CoordinatorRecord> Tombstones() =>
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

    /// <summary>Changes the state by a record that is to be stored.</summary>
    public void Write(CoordinatorRecord record, GroupEffects effects)
    {
        effects.Store(record);
        Take(record);
    }

    /// <summary>Changes the state by a record of the log.</summary>
    public void Apply(CoordinatorRecord record)
    {
        Take(record);
        _beforeStep = State;
    }

    /// <inheritdoc/>
    public void Stored() => _beforeStep = State;

    /// <inheritdoc/>
    public void NotStored(long now, GroupEffects effects)
    {
        State = _beforeStep;
        SeenTopics = null;
    }

    private void Take(CoordinatorRecord record)
    {
        State = State.With(record);
        if (record is { Key: StreamsGroupMemberMetadataKey key, Value: null })
        {
            _sessions.Forget(key.MemberId);
        }

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
