using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// A group that the broker assigns. What outlives the broker is <see cref="State"/>, which changes by the records of the log alone:
/// <see cref="Write"/> makes one that goes there, <see cref="Apply"/> takes one that comes from there. Not thread safe.
/// </summary>
/// <param name="groupId">The group.</param>
/// <param name="initial">The state of a group of which the log says nothing.</param>
internal abstract class LoggedGroup<TState>(string groupId, TState initial) : IGroup
    where TState : class, ILoggedState<TState>
{
    private TState _beforeStep = initial;

    public string GroupId { get; } = groupId;

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public string ProtocolType => Kind;

    /// <summary>What the log says of the group, or will once the step at work is stored.</summary>
    public TState State { get; private set; } = initial;

    /// <summary>The state in a word, as Kafka names it.</summary>
    public abstract string Phase { get; }

    /// <inheritdoc/>
    string IGroup.State => Phase;

    /// <inheritdoc/>
    public bool IsEmpty => !State.MemberIds.Any();

    /// <inheritdoc/>
    public virtual bool Expires => true;

    /// <summary>The topics of the cluster when the group last looked at them; not in the log.</summary>
    public ImmutableSortedDictionary<string, TopicImage>? SeenTopics { get; set; }

    /// <summary>When the group may be assigned anew.</summary>
    public AssignmentPace Pace { get; } = new();

    /// <inheritdoc/>
    public long NextDeadline => Math.Min(Pace.DueAt, Sessions.Next);

    protected MemberSessions Sessions { get; } = new();

    protected abstract int SessionTimeoutMs { get; }

    protected abstract int AssignmentIntervalMs { get; }

    /// <summary>A sign of life: the session begins anew.</summary>
    public void KeepAlive(string memberId, long now) => Sessions.Of(memberId).Session = now + SessionTimeoutMs;

    /// <summary>The group was loaded: sessions begin anew, or end at once when members died with the broker.</summary>
    public virtual void BeginSessions(bool membersAreGone, long now)
    {
        foreach (var memberId in State.MemberIds)
        {
            Sessions.Of(memberId).Session = membersAreGone ? now : now + SessionTimeoutMs;
        }
    }

    /// <inheritdoc/>
    public void Tick(long now, GroupEffects effects)
    {
        foreach (var memberId in Sessions.TakeDue(now, State.HasMember))
        {
            Remove(memberId, effects);
        }

        if (Pace.TakeDue(now) && !IsEmpty && State.Epoch > State.TargetEpoch)
        {
            Assign(now, effects);
        }
    }

    /// <summary>Makes the target assignment of the group's epoch, if it has none, as soon as that may be.</summary>
    /// <returns>False when it has to wait.</returns>
    public bool TryAssign(long now, GroupEffects effects)
    {
        if (State.Epoch <= State.TargetEpoch)
        {
            return true;
        }

        var isTime = Pace.MayAssign(State.TargetTimestamp, AssignmentIntervalMs, now);
        if (isTime)
        {
            Assign(now, effects);
        }

        return isTime;
    }

    /// <summary>A member is out, for whatever reason; the others will be assigned anew.</summary>
    public abstract void Remove(string memberId, GroupEffects effects);

    /// <inheritdoc/>
    public abstract ErrorCode CheckCommit(OffsetCommitEvent commit, long now);

    /// <inheritdoc/>
    public abstract ErrorCode CheckFetch(string? memberId, int memberEpoch);

    /// <inheritdoc/>
    public abstract IReadOnlySet<string> SubscribedTopics();

    /// <inheritdoc/>
    public abstract long? UnusedSince(TopicPartition partition, long committedAt, IReadOnlySet<string>? subscribed);

    /// <inheritdoc/>
    public abstract IEnumerable<CoordinatorRecord> Tombstones();

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

    /// <summary>Makes the target assignment of the group's epoch.</summary>
    protected abstract void Assign(long now, GroupEffects effects);

    /// <summary>The member whose end a record is; null when it is not.</summary>
    protected abstract string? MemberGoneBy(CoordinatorRecord record);

    protected virtual void Take(CoordinatorRecord record)
    {
        State = State.With(record);
        if (MemberGoneBy(record) is { } memberId)
        {
            Sessions.Forget(memberId);
        }
    }
}
