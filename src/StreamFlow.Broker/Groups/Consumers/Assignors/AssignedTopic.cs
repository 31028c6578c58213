namespace StreamFlow.Broker.Groups.Consumers.Assignors;

/// <summary>A topic whose partitions are to be handed out.</summary>
internal readonly record struct AssignedTopic(Guid Id, int PartitionCount);
