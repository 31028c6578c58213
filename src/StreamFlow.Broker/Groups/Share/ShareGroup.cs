using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>
/// A share group (KIP-932). What outlives the broker is <see cref="State"/>, which changes by the records of the log alone:
/// <see cref="Write"/> makes one that goes there, <see cref="Apply"/> takes one that comes from there. What its members have read is the
/// share coordinator's business. Not thread safe.
/// </summary>
internal sealed class ShareGroup(string groupId, Func<string, ShareGroupSettings> settingsOf) : IGroup
{
    /// <summary>The kind of clients there are in such a group.</summary>
    public const string Protocol = "share";

    private readonly MemberSessions _sessions = new();
    private ShareGroupState _beforeStep = ShareGroupState.New;

    public string GroupId { get; } = groupId;

    /// <inheritdoc/>
    public string Kind => "share";

    /// <inheritdoc/>
    public string ProtocolType => Protocol;

    public ShareGroupSettings Settings => settingsOf(GroupId);

    /// <summary>What the log says of the group, or will once the step at work is stored.</summary>
    public ShareGroupState State { get; private set; } = ShareGroupState.New;

    /// <summary>The topics of the cluster when the group last looked at them; not in the log.</summary>
    public object? SeenTopics { get; set; }

    /// <inheritdoc/>
    public bool IsEmpty => State.Members.IsEmpty;

    /// <inheritdoc/>
    public string Phase => IsEmpty ? "Empty" : "Stable";

    /// <inheritdoc/>
    string IGroup.State => Phase;

    /// <summary>An empty share group knows where its members were; it is deleted by request only.</summary>
    public bool Expires => false;

    /// <inheritdoc/>
    public long NextDeadline => _sessions.Next;

    /// <inheritdoc/>
    public IReadOnlySet<string> SubscribedTopics() => State.SubscribedTopics;

    /// <summary>A sign of life: the session begins anew.</summary>
    public void KeepAlive(string memberId, long now) => _sessions.Of(memberId).Session = now + Settings.SessionTimeoutMs;

    /// <summary>The group was loaded: sessions begin anew, or end at once when members died with the broker.</summary>
    public void BeginSessions(bool membersAreGone, long now)
    {
        foreach (var memberId in State.Members.Keys)
        {
            _sessions.Of(memberId).Session = membersAreGone ? now : now + Settings.SessionTimeoutMs;
        }
    }

    /// <inheritdoc/>
    public void Tick(long now, GroupEffects effects)
    {
        foreach (var memberId in _sessions.TakeDue(now, State.Members.ContainsKey))
        {
            Remove(memberId, effects);
        }
    }

    /// <summary>A member is out, for whatever reason; the others will be assigned anew.</summary>
    public void Remove(string memberId, GroupEffects effects)
    {
        Write(ShareGroupRecords.NoCurrent(GroupId, memberId), effects);
        Write(ShareGroupRecords.NoTarget(GroupId, memberId), effects);
        Write(ShareGroupRecords.NoMember(GroupId, memberId), effects);
        Write(ShareGroupRecords.Epoch(GroupId, State.Epoch + 1, State.MetadataHash), effects);
    }

    /// <summary>Share groups have no offsets of this kind.</summary>
    public ErrorCode CheckCommit(OffsetCommitEvent commit, long now) => ErrorCode.GroupIdNotFound;

    /// <inheritdoc/>
    public ErrorCode CheckFetch(string? memberId, int memberEpoch) => ErrorCode.GroupIdNotFound;

    /// <inheritdoc/>
    public long? UnusedSince(TopicPartition partition, long committedAt, IReadOnlySet<string>? subscribed) => committedAt;

    /// <inheritdoc/>
    public IEnumerable<CoordinatorRecord> Tombstones() =>
    [
        .. State.Members.Keys.SelectMany(id => new[]
        {
            ShareGroupRecords.NoCurrent(GroupId, id), ShareGroupRecords.NoTarget(GroupId, id), ShareGroupRecords.NoMember(GroupId, id),
        }),
        ShareGroupRecords.NoTargetEpoch(GroupId),
        ShareGroupRecords.NoTopics(GroupId),
        ShareGroupRecords.NoEpoch(GroupId),
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
        if (record is { Key: ShareGroupMemberMetadataKey key, Value: null })
        {
            _sessions.Forget(key.MemberId);
        }
    }
}
