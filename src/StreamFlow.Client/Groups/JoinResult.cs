namespace StreamFlow.Client.Groups;

/// <summary>What comes out of a rebalance.</summary>
/// <param name="Assignor">The assignor that the group agreed on; null when the member has lost its place and must begin anew.</param>
/// <param name="Assignment">What the member got.</param>
/// <param name="PartitionCounts">As leader: the topics and partitions on which the assignment is based; else null.</param>
internal sealed record JoinResult(
    IPartitionAssignor? Assignor, MemberAssignment Assignment, IReadOnlyDictionary<string, int>? PartitionCounts)
{
    public static JoinResult Lost { get; } = new(null, new MemberAssignment([]), null);
}
