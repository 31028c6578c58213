using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>A member of a KIP-848 group as the log knows it. Immutable.</summary>
internal sealed record ConsumerMember
{
    /// <summary>The epoch with which a member joins.</summary>
    public const int JoinEpoch = 0;

    /// <summary>The epoch with which a member leaves for good.</summary>
    public const int LeaveEpoch = -1;

    /// <summary>The epoch with which a static member leaves for a while; also its epoch until it comes back.</summary>
    public const int StaticLeaveEpoch = -2;

    public required string MemberId { get; init; }

    /// <summary>The static member's name, or null.</summary>
    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>How long the member may take to give up partitions (ms); -1 before it has said so.</summary>
    public int RebalanceTimeoutMs { get; init; } = -1;

    /// <summary>The assignor the member votes for, or null.</summary>
    public string? Assignor { get; init; }

    public ImmutableSortedSet<string> Topics { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The expression that topics have to match, null or empty for none.</summary>
    public string? TopicPattern { get; init; }

    /// <summary>Null for a member that speaks the protocol of KIP-848.</summary>
    public ClassicMembership? Classic { get; init; }

    /// <summary>The epoch the member has to name.</summary>
    public int Epoch { get; init; }

    /// <summary>The epoch before; a member that missed an answer still names it.</summary>
    public int PreviousEpoch { get; init; }

    public ConsumerMemberState State { get; init; }

    /// <summary>What the member holds, and the epoch at which it got each.</summary>
    public ImmutableDictionary<TopicIdPartition, int> Assigned { get; init; } = ImmutableDictionary<TopicIdPartition, int>.Empty;

    /// <summary>What the member has to give up and may still hold, and the epoch at which it got each.</summary>
    public ImmutableDictionary<TopicIdPartition, int> Revoking { get; init; } = ImmutableDictionary<TopicIdPartition, int>.Empty;

    public bool IsClassic => Classic is not null;

    /// <summary>Whether the member has everything that the target assignment of an epoch gives it.</summary>
    public bool IsReconciledTo(int targetEpoch) => State == ConsumerMemberState.Stable && Epoch == targetEpoch;

    /// <summary>Whether the member reads the same topics.</summary>
    public bool SubscribesAs(ConsumerMember other) => Topics.SetEquals(other.Topics) && (TopicPattern ?? "") == (other.TopicPattern ?? "");

    /// <summary>Whether everything but the assignment is the same.</summary>
    public bool DescribesSameAs(ConsumerMember other) => SubscribesAs(other)
        && (InstanceId, RackId, ClientId, ClientHost, RebalanceTimeoutMs, Assignor)
            == (other.InstanceId, other.RackId, other.ClientId, other.ClientHost, other.RebalanceTimeoutMs, other.Assignor)
        && SameClassic(Classic, other.Classic);

    /// <summary>Whether the member is at the same place with the same partitions.</summary>
    public bool HoldsSameAs(ConsumerMember other) =>
        (Epoch, PreviousEpoch, State) == (other.Epoch, other.PreviousEpoch, other.State)
        && SamePartitions(Assigned, other.Assigned) && SamePartitions(Revoking, other.Revoking);

    /// <summary>Whether two assignments have the same partitions.</summary>
    public static bool SamePartitions(
        ImmutableDictionary<TopicIdPartition, int> left, ImmutableDictionary<TopicIdPartition, int> right) =>
        ReferenceEquals(left, right) || (left.Count == right.Count && left.All(p => right.TryGetValue(p.Key, out var at) && at == p.Value));

    private static bool SameClassic(ClassicMembership? left, ClassicMembership? right) =>
        left is null || right is null
            ? left is null && right is null
            : left.SessionTimeoutMs == right.SessionTimeoutMs && left.Protocols.Length == right.Protocols.Length
                && left.Protocols.Zip(right.Protocols).All(p =>
                    p.First.Name == p.Second.Name && p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));
}
