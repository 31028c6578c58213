using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>What a member brings into a rebalance.</summary>
/// <param name="Topics">Its subscription.</param>
/// <param name="Owned">What it keeps meanwhile; empty with the eager protocol.</param>
internal sealed record JoinRequest(IReadOnlyList<string> Topics, IReadOnlyList<TopicPartition> Owned);
