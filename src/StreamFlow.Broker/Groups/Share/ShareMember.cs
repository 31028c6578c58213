using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>A member of a share group as the log knows it. Immutable.</summary>
internal sealed record ShareMember
{
    /// <summary>The epoch with which a member joins.</summary>
    public const int JoinEpoch = 0;

    /// <summary>The epoch with which a member leaves.</summary>
    public const int LeaveEpoch = -1;

    public required string MemberId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    public ImmutableSortedSet<string> Topics { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The epoch the member has to name.</summary>
    public int Epoch { get; init; }

    /// <summary>The epoch before; a member that missed an answer still names it.</summary>
    public int PreviousEpoch { get; init; }

    public ImmutableHashSet<TopicIdPartition> Assigned { get; init; } = [];

    /// <summary>Whether everything but the assignment is the same.</summary>
    public bool DescribesSameAs(ShareMember other) =>
        (RackId, ClientId, ClientHost) == (other.RackId, other.ClientId, other.ClientHost) && Topics.SetEquals(other.Topics);
}
