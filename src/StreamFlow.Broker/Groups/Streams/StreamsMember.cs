using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>A member of a streams group as the log knows it. Immutable.</summary>
internal sealed record StreamsMember
{
    /// <summary>The epoch with which a member joins.</summary>
    public const int JoinEpoch = 0;

    /// <summary>The least epoch there is; a static member would leave for a while with it, and streams groups have none yet.</summary>
    public const int StaticLeaveEpoch = -2;

    public required string MemberId { get; init; }

    /// <summary>The static member's name; always null in Kafka 4.3, but a place in the log is kept for it.</summary>
    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>How long the member may take to give up tasks (ms); -1 before it has said so.</summary>
    public int RebalanceTimeoutMs { get; init; } = -1;

    /// <summary>The epoch of the topology that the member runs; -1 before it has said so.</summary>
    public int TopologyEpoch { get; init; } = -1;

    /// <summary>The process the member is a thread of; members of one process share its state.</summary>
    public string ProcessId { get; init; } = "";

    /// <summary>Where its process answers queries; null for nowhere.</summary>
    public StreamsEndpoint? Endpoint { get; init; }

    public ImmutableSortedDictionary<string, string> ClientTags { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The epoch the member has to name.</summary>
    public int Epoch { get; init; }

    /// <summary>The epoch before; a member that missed an answer still names it.</summary>
    public int PreviousEpoch { get; init; }

    public StreamsMemberState State { get; init; } = StreamsMemberState.Stable;

    public HeldTasks Assigned { get; init; } = HeldTasks.None;

    /// <summary>What the member has to give up and may still hold.</summary>
    public HeldTasks Revoking { get; init; } = HeldTasks.None;

    /// <summary>Whether the member has everything that the target assignment of an epoch gives it.</summary>
    public bool IsReconciledTo(int targetEpoch) => State == StreamsMemberState.Stable && Epoch == targetEpoch;

    /// <summary>Whether everything but the assignment is the same.</summary>
    public bool DescribesSameAs(StreamsMember other) =>
        (InstanceId, RackId, ClientId, ClientHost, RebalanceTimeoutMs, TopologyEpoch, ProcessId, Endpoint)
            == (other.InstanceId, other.RackId, other.ClientId, other.ClientHost, other.RebalanceTimeoutMs, other.TopologyEpoch,
                other.ProcessId, other.Endpoint)
        && ClientTags.SequenceEqual(other.ClientTags);

    /// <summary>Whether the member is at the same place with the same tasks.</summary>
    public bool HoldsSameAs(StreamsMember other) => (Epoch, PreviousEpoch, State) == (other.Epoch, other.PreviousEpoch, other.State)
        && Assigned.SameAs(other.Assigned) && Revoking.SameAs(other.Revoking);
}
