namespace StreamFlow.Broker.Groups.Consumers.Assignors;

/// <summary>Says which member of a KIP-848 group shall have which partitions. Pure: the same input gives the same output.</summary>
internal interface IGroupAssignor
{
    /// <summary>The name that members vote for.</summary>
    string Name { get; }

    /// <summary>Hands out every partition of every topic that a member reads.</summary>
    /// <returns>The partitions of each member.</returns>
    Dictionary<string, HashSet<TopicIdPartition>> Assign(IReadOnlyList<AssignedTopic> topics, IReadOnlyList<AssignedMember> members);
}
