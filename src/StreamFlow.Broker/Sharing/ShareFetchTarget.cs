using StreamFlow.Broker.Groups;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Sharing;

/// <summary>A partition that a member fetches.</summary>
/// <param name="Partition">Which one.</param>
/// <param name="Live">Where its records come from; null with an error.</param>
/// <param name="Error">Why the member cannot have it.</param>
internal readonly record struct ShareFetchTarget(TopicIdPartition Partition, LiveSharePartition? Live, ErrorCode Error);
