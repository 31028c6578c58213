namespace StreamFlow.Client;

/// <summary>Who commits: a group and, for a member of it, its place in the current generation (KIP-447 fences zombies by it).</summary>
/// <param name="GroupId">The group.</param>
/// <param name="GenerationId">The generation, -1 outside of a generation.</param>
/// <param name="MemberId">The member id, empty outside of a generation.</param>
/// <param name="GroupInstanceId">The static instance id, null for a dynamic member.</param>
public sealed record ConsumerGroupMetadata(string GroupId, int GenerationId = -1, string MemberId = "", string? GroupInstanceId = null);
