namespace StreamFlow.Client.Groups;

/// <summary>What an assignor sees when its member leads the group.</summary>
/// <param name="LeaderId">This member's id.</param>
/// <param name="Members">Every member's subscription, by member id.</param>
/// <param name="PartitionCounts">Partitions of each topic that a member subscribes to; topics that do not exist are missing.</param>
public sealed record GroupAssignmentContext(
    string LeaderId, IReadOnlyDictionary<string, MemberSubscription> Members, IReadOnlyDictionary<string, int> PartitionCounts);
