using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>
/// The state of a KIP-848 group. It is what its records say: <see cref="Write"/> changes the state by a record that goes to the log, and
/// <see cref="Apply"/> by one that comes from there. What requests do to it stands in <see cref="ConsumerGroupStep"/>. Not thread safe.
/// </summary>
internal sealed class ConsumerGroup(string groupId, Func<string, ConsumerGroupSettings> settingsOf) : IGroup
{
    /// <summary>The kind of clients there are in such a group.</summary>
    public const string Protocol = "consumer";

    /// <summary>The epoch that a group begins with; its first member takes it to the next one.</summary>
    private const int FirstEpoch = 1;

    private readonly SortedDictionary<string, ConsumerMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byInstance = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableHashSet<TopicIdPartition>> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<TopicIdPartition, string> _owners = [];
    private readonly Dictionary<string, ImmutableSortedSet<string>> _matches = new(StringComparer.Ordinal);
    private readonly MemberSessions _sessions = new();
    private readonly Stack<CoordinatorRecord> _undo = new();

    public string GroupId { get; } = groupId;

    /// <inheritdoc/>
    public string Kind => "consumer";

    /// <inheritdoc/>
    public string ProtocolType => Protocol;

    /// <summary>Grows with each change of members, subscriptions or topics.</summary>
    public int Epoch { get; private set; } = FirstEpoch;

    /// <summary>Tells one state of the subscribed topics from another.</summary>
    public long MetadataHash { get; private set; }

    /// <summary>The group's epoch that the target assignment was made for.</summary>
    public int TargetEpoch { get; private set; }

    /// <summary>When the target assignment was made (ms since 1970); 0 before the first.</summary>
    public long TargetTimestamp { get; private set; }

    /// <summary>The topics of the cluster when the group last looked at them; not in the log.</summary>
    public ImmutableSortedDictionary<string, TopicImage>? SeenTopics { get; set; }

    /// <summary>When the group may be assigned anew.</summary>
    public AssignmentPace Pace { get; } = new();

    public IReadOnlyCollection<ConsumerMember> Members => _members.Values;

    public int Count => _members.Count;

    /// <inheritdoc/>
    public bool IsEmpty => _members.Count == 0;

    /// <summary>The topics that match each expression in use.</summary>
    public IReadOnlyDictionary<string, ImmutableSortedSet<string>> Matches => _matches;

    public ConsumerGroupSettings Settings => settingsOf(GroupId);

    /// <summary>The assignor with the most votes, or the broker's.</summary>
    public string Assignor => _members.Values.Where(m => m.Assignor is not null).GroupBy(m => m.Assignor!, StringComparer.Ordinal)
        .OrderByDescending(votes => votes.Count()).Select(votes => votes.Key).FirstOrDefault() ?? Settings.Assignors[0];

    /// <inheritdoc/>
    public string State => this switch
    {
        { IsEmpty: true } => "Empty",
        _ when Epoch > TargetEpoch => "Assigning",
        _ when _members.Values.Any(m => !m.IsReconciledTo(TargetEpoch)) => "Reconciling",
        _ => "Stable",
    };

    /// <inheritdoc/>
    public long NextDeadline => Math.Min(Pace.DueAt, _sessions.Next);

    public bool TryGet(string memberId, [NotNullWhen(true)] out ConsumerMember? member) => _members.TryGetValue(memberId, out member);

    public bool TryGetStatic(string instanceId, [NotNullWhen(true)] out ConsumerMember? member)
    {
        member = null;
        return _byInstance.TryGetValue(instanceId, out var id) && _members.TryGetValue(id, out member);
    }

    public ImmutableHashSet<TopicIdPartition> TargetOf(string memberId) => _targets.GetValueOrDefault(memberId) ?? [];

    /// <summary>Whether some member holds a partition, or has not said yet that it gave it up.</summary>
    public bool IsHeld(TopicIdPartition partition) => _owners.ContainsKey(partition);

    /// <summary>The topics that a member reads, those included that match its expression.</summary>
    public IEnumerable<string> TopicsOf(ConsumerMember member) =>
        member.TopicPattern is { Length: > 0 } pattern && _matches.TryGetValue(pattern, out var matches)
            ? member.Topics.Union(matches)
            : member.Topics;

    /// <inheritdoc/>
    public IReadOnlySet<string> SubscribedTopics() => _members.Values.SelectMany(TopicsOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>What the member is waited for.</summary>
    public MemberTimers TimersOf(string memberId) => _sessions.Of(memberId);

    /// <summary>A sign of life: the session begins anew.</summary>
    public void KeepAlive(ConsumerMember member, long now) =>
        TimersOf(member.MemberId).Session = now + (member.Classic?.SessionTimeoutMs ?? Settings.SessionTimeoutMs);

    /// <summary>The group was loaded: sessions begin anew, or end at once when members died with the broker.</summary>
    public void BeginSessions(bool membersAreGone, long now)
    {
        foreach (var member in _members.Values)
        {
            KeepAlive(member, now);
            var timers = TimersOf(member.MemberId);
            if (membersAreGone)
            {
                timers.Session = now;
            }
            else if (member.State == ConsumerMemberState.UnrevokedPartitions)
            {
                timers.Rebalance = now + member.RebalanceTimeoutMs;
            }
        }
    }

    /// <inheritdoc/>
    public void Tick(long now, GroupEffects effects)
    {
        foreach (var memberId in _sessions.TakeDue(now, _members.ContainsKey))
        {
            Remove(memberId, effects);
        }

        if (Pace.TakeDue(now) && !IsEmpty && Epoch > TargetEpoch)
        {
            ConsumerAssignment.Make(this, now, effects);
        }
    }

    /// <summary>A member is out, for whatever reason; the others will be assigned anew.</summary>
    public void Remove(string memberId, GroupEffects effects)
    {
        var pattern = _members[memberId].TopicPattern;
        Write(ConsumerGroupRecords.NoCurrent(GroupId, memberId), effects);
        Write(ConsumerGroupRecords.NoTarget(GroupId, memberId), effects);
        Write(ConsumerGroupRecords.NoMember(GroupId, memberId), effects);
        ForgetUnusedExpression(pattern, effects);
        Write(ConsumerGroupRecords.Epoch(GroupId, Epoch + 1, MetadataHash), effects);
    }

    /// <summary>Forgets what matches an expression that nobody uses any more.</summary>
    public void ForgetUnusedExpression(string? expression, GroupEffects effects)
    {
        if (expression is { Length: > 0 } && _matches.ContainsKey(expression) && _members.Values.All(m => m.TopicPattern != expression))
        {
            Write(ConsumerGroupRecords.NoExpression(GroupId, expression), effects);
        }
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

        if (!_members.TryGetValue(identity.MemberId, out var member))
        {
            return ErrorCode.UnknownMemberId;
        }

        if (!commit.IsTransactional && !member.IsClassic && !commit.KnowsEpochs)
        {
            return ErrorCode.UnsupportedVersion;
        }

        // At an older epoch than its own a member may commit what it has held since then (KIP-1251).
        var holdsSince = identity.Generation >= 0 && identity.Generation < member.Epoch
            && commit.Partitions.All(p => member.Assigned.TryGetValue(p, out var since) && since <= identity.Generation);
        return holdsSince ? ErrorCode.None : CheckEpoch(member, identity.Generation);
    }

    /// <inheritdoc/>
    public ErrorCode CheckFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0)
        {
            return ErrorCode.None;
        }

        return memberId is not null && _members.TryGetValue(memberId, out var member)
            ? CheckEpoch(member, memberEpoch)
            : ErrorCode.UnknownMemberId;
    }

    /// <inheritdoc/>
    public long? UnusedSince(TopicPartition partition, long committedAt, IReadOnlySet<string>? subscribed) =>
        subscribed?.Contains(partition.Topic) == true ? null : committedAt;

    /// <inheritdoc/>
    public IEnumerable<CoordinatorRecord> Tombstones() =>
    [
        .. _members.Keys.SelectMany(id => new[]
        {
            ConsumerGroupRecords.NoCurrent(GroupId, id), ConsumerGroupRecords.NoTarget(GroupId, id),
            ConsumerGroupRecords.NoMember(GroupId, id),
        }),
        .. _matches.Keys.Select(e => ConsumerGroupRecords.NoExpression(GroupId, e)),
        ConsumerGroupRecords.NoTargetEpoch(GroupId),
        ConsumerGroupRecords.NoEpoch(GroupId),
    ];

    /// <summary>Changes the state by a record that is to be stored.</summary>
    public void Write(CoordinatorRecord record, GroupEffects effects)
    {
        _undo.Push(Inverse(record));
        effects.Store(record);
        Apply(record);
    }

    /// <summary>What was written is stored.</summary>
    public void Stored() => _undo.Clear();

    /// <inheritdoc/>
    public void NotStored(long now, GroupEffects effects)
    {
        while (_undo.TryPop(out var record))
        {
            Apply(record);
        }
    }

    /// <summary>Changes the state by a record of the log.</summary>
    public void Apply(CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case ConsumerGroupMetadataKey:
                var metadata = (ConsumerGroupMetadataValue?)record.Value;
                Epoch = metadata?.Epoch ?? FirstEpoch;
                MetadataHash = metadata?.MetadataHash ?? 0;
                break;
            case ConsumerGroupTargetAssignmentMetadataKey:
                var target = (ConsumerGroupTargetAssignmentMetadataValue?)record.Value;
                TargetEpoch = target?.AssignmentEpoch ?? 0;
                TargetTimestamp = target?.AssignmentTimestamp ?? 0;
                break;
            case ConsumerGroupTargetAssignmentMemberKey key when record.Value is ConsumerGroupTargetAssignmentMemberValue value:
                _targets[key.MemberId] = ConsumerGroupRecords.Read(value);
                break;
            case ConsumerGroupTargetAssignmentMemberKey key:
                _targets.Remove(key.MemberId);
                break;
            case ConsumerGroupMemberMetadataKey key when record.Value is ConsumerGroupMemberMetadataValue value:
                Put(ConsumerGroupRecords.Read(value, MemberOrNew(key.MemberId)));
                break;
            case ConsumerGroupMemberMetadataKey key:
                Delete(key.MemberId);
                break;
            case ConsumerGroupCurrentMemberAssignmentKey key when record.Value is ConsumerGroupCurrentMemberAssignmentValue value:
                Put(ConsumerGroupRecords.Read(value, MemberOrNew(key.MemberId)));
                break;
            case ConsumerGroupCurrentMemberAssignmentKey key when _members.TryGetValue(key.MemberId, out var member):
                Put(ConsumerGroupRecords.Read(new ConsumerGroupCurrentMemberAssignmentValue(), member));
                break;
            case ConsumerGroupRegularExpressionKey key when record.Value is ConsumerGroupRegularExpressionValue value:
                _matches[key.RegularExpression] = value.Topics.ToImmutableSortedSet(StringComparer.Ordinal);
                break;
            case ConsumerGroupRegularExpressionKey key:
                _matches.Remove(key.RegularExpression);
                break;
            default:
                // Topics with their partitions, as brokers before 4.1 wrote them: the image of the cluster has them too.
                break;
        }
    }

    private static ErrorCode CheckEpoch(ConsumerMember member, int epoch) => epoch == member.Epoch
        ? ErrorCode.None
        : member.IsClassic ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;

    /// <summary>The record that takes back what a record is going to change.</summary>
    private CoordinatorRecord Inverse(CoordinatorRecord record) => record.Key switch
    {
        ConsumerGroupMetadataKey => ConsumerGroupRecords.Epoch(GroupId, Epoch, MetadataHash),
        ConsumerGroupTargetAssignmentMetadataKey => ConsumerGroupRecords.TargetEpoch(GroupId, TargetEpoch, TargetTimestamp),
        ConsumerGroupTargetAssignmentMemberKey key => _targets.TryGetValue(key.MemberId, out var target)
            ? ConsumerGroupRecords.Target(GroupId, key.MemberId, target)
            : ConsumerGroupRecords.NoTarget(GroupId, key.MemberId),
        ConsumerGroupMemberMetadataKey key => _members.TryGetValue(key.MemberId, out var member)
            ? ConsumerGroupRecords.Member(GroupId, member)
            : ConsumerGroupRecords.NoMember(GroupId, key.MemberId),
        ConsumerGroupCurrentMemberAssignmentKey key => _members.TryGetValue(key.MemberId, out var member)
            ? ConsumerGroupRecords.Current(GroupId, member)
            : ConsumerGroupRecords.NoCurrent(GroupId, key.MemberId),
        ConsumerGroupRegularExpressionKey key => _matches.TryGetValue(key.RegularExpression, out var matches)
            ? ConsumerGroupRecords.Expression(GroupId, key.RegularExpression, matches, 0)
            : ConsumerGroupRecords.NoExpression(GroupId, key.RegularExpression),
        _ => throw new ArgumentException($"{record.Key.GetType().Name} does not belong to a consumer group", nameof(record)),
    };

    private ConsumerMember MemberOrNew(string memberId) =>
        _members.TryGetValue(memberId, out var member) ? member : new ConsumerMember { MemberId = memberId };

    private void Put(ConsumerMember member)
    {
        if (_members.TryGetValue(member.MemberId, out var old))
        {
            Release(old);
        }

        _members[member.MemberId] = member;
        if (member.InstanceId is { } instance)
        {
            _byInstance[instance] = member.MemberId;
        }

        foreach (var partition in member.Assigned.Keys.Concat(member.Revoking.Keys))
        {
            _owners[partition] = member.MemberId;
        }
    }

    private void Delete(string memberId)
    {
        if (!_members.Remove(memberId, out var member))
        {
            return;
        }

        Release(member);
        _sessions.Forget(memberId);
        if (member.InstanceId is { } instance && _byInstance.GetValueOrDefault(instance) == memberId)
        {
            _byInstance.Remove(instance);
        }
    }

    private void Release(ConsumerMember member)
    {
        foreach (var partition in member.Assigned.Keys.Concat(member.Revoking.Keys))
        {
            if (_owners.GetValueOrDefault(partition) == member.MemberId)
            {
                _owners.Remove(partition);
            }
        }
    }
}
