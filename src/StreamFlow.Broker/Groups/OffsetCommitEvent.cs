using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Groups;

/// <summary>Somebody wants to commit offsets for a group.</summary>
/// <param name="Identity">Who; generation -1 and no member id from a consumer that manages itself.</param>
/// <param name="IsTransactional">A transactional producer may commit for a group without naming a member (KIP-447).</param>
/// <param name="KnowsEpochs">
/// Whether the version of the request has member epochs (OffsetCommit 9 and later), which members of KIP-848 groups have to use.
/// </param>
/// <param name="Partitions">The partitions, as KIP-848 groups know them.</param>
internal readonly record struct OffsetCommitEvent(
    MemberIdentity Identity, bool IsTransactional, bool KnowsEpochs, IReadOnlyList<TopicIdPartition> Partitions)
{
    /// <summary>The partitions by name, as streams groups know them.</summary>
    public IReadOnlyList<TopicPartition> Names { get; init; } = [];
}
