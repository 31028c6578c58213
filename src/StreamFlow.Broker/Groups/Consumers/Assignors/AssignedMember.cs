namespace StreamFlow.Broker.Groups.Consumers.Assignors;

/// <summary>A member that partitions are handed out to.</summary>
/// <param name="MemberId">Its id.</param>
/// <param name="InstanceId">The static member's name, or null.</param>
/// <param name="Topics">The topics it reads.</param>
/// <param name="Current">What it was meant to have until now.</param>
internal sealed record AssignedMember(
    string MemberId, string? InstanceId, IReadOnlySet<Guid> Topics, IReadOnlySet<TopicIdPartition> Current);
