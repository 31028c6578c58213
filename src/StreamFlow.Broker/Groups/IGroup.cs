using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Groups;

/// <summary>What every kind of group can do. A group is touched under its shard's lock only.</summary>
internal interface IGroup
{
    string GroupId { get; }

    /// <summary>The kind, as ListGroups names it: <c>classic</c>, <c>consumer</c>, <c>share</c> or <c>streams</c>.</summary>
    string Kind { get; }

    /// <summary>The state, as Kafka names it.</summary>
    string State { get; }

    /// <summary>The kind of clients in the group, null when it never had any.</summary>
    string? ProtocolType { get; }

    /// <summary>Whether the group has no members.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether a group that nobody uses goes by itself.</summary>
    bool Expires => true;

    /// <summary>The earliest time at which <see cref="Tick"/> has something to do (ms); <see cref="long.MaxValue"/> for never.</summary>
    long NextDeadline { get; }

    /// <summary>Does everything whose time has come.</summary>
    void Tick(long now, GroupEffects effects);

    /// <summary>Whether a commit of offsets is allowed; it may count as a sign of life.</summary>
    ErrorCode CheckCommit(OffsetCommitEvent commit, long now);

    /// <summary>Whether a member may read offsets; null and -1 come from who is no member.</summary>
    ErrorCode CheckFetch(string? memberId, int memberEpoch);

    /// <summary>The topics that members read; null when that cannot be known.</summary>
    IReadOnlySet<string>? SubscribedTopics();

    /// <summary>Since when nobody needs a committed offset (ms since 1970), null while somebody does (KIP-211).</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="committedAt">When it was committed.</param>
    /// <param name="subscribed">What <see cref="SubscribedTopics"/> gave.</param>
    long? UnusedSince(TopicPartition partition, long committedAt, IReadOnlySet<string>? subscribed);

    /// <summary>The records that make a reader of the log forget the group.</summary>
    IEnumerable<CoordinatorRecord> Tombstones();

    /// <summary>The records of the last step are stored.</summary>
    void Stored()
    {
        // A classic group changes by requests, and its record says what it has become.
    }

    /// <summary>The records of the last step could not be stored; the group goes on as if the step had not been.</summary>
    void NotStored(long now, GroupEffects effects);
}
