using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>
/// Balanced, moves as few partitions as possible, and members that keep a partition never stop reading it: a partition that changes hands
/// is assigned to nobody first, and to its new owner in the rebalance that follows its revocation (KIP-429).
/// </summary>
public sealed class CooperativeStickyAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "cooperative-sticky";

    /// <inheritdoc/>
    public RebalanceProtocol Protocol => RebalanceProtocol.Cooperative;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, MemberAssignment>> AssignAsync(
        GroupAssignmentContext context, CancellationToken cancellationToken)
    {
        var result = StickyBalancer.Balance(context, m => (m.GenerationId, m.OwnedPartitions));
        var ownerOf = new Dictionary<TopicPartition, string>();
        foreach (var (member, subscription) in context.Members)
        {
            foreach (var partition in subscription.OwnedPartitions)
            {
                ownerOf[partition] = member;
            }
        }

        foreach (var (member, partitions) in result)
        {
            partitions.RemoveAll(p => ownerOf.TryGetValue(p, out var owner) && owner != member);
        }

        return new(PartitionNumbers.ToAssignments(result));
    }
}
