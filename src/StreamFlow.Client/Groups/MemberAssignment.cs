using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>What the leader gives one member.</summary>
/// <param name="Partitions">Its partitions.</param>
/// <param name="UserData">The assignor's own data, null for none.</param>
public sealed record MemberAssignment(IReadOnlyList<TopicPartition> Partitions, byte[]? UserData = null);
