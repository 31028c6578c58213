using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>What one member tells the leader when it joins.</summary>
/// <param name="Topics">The topics it wants.</param>
/// <param name="OwnedPartitions">What it owns now; empty with the eager protocol.</param>
/// <param name="UserData">The assignor's own data, null for none.</param>
/// <param name="GenerationId">The generation in which it got what it owns, -1 when not known.</param>
/// <param name="GroupInstanceId">The static instance id, null for a dynamic member.</param>
/// <param name="Rack">Its rack, null when not known.</param>
public sealed record MemberSubscription(
    IReadOnlyList<string> Topics,
    IReadOnlyList<TopicPartition> OwnedPartitions,
    byte[]? UserData = null,
    int GenerationId = -1,
    string? GroupInstanceId = null,
    string? Rack = null);
