namespace StreamFlow.Streams.Runtime;

/// <summary>The unit of work: one partition of one sub-topology.</summary>
/// <param name="Subtopology">The sub-topology's number.</param>
/// <param name="Partition">The partition's number.</param>
public readonly record struct TaskId(int Subtopology, int Partition)
{
    /// <summary><c>subtopology_partition</c>, as Kafka Streams writes it.</summary>
    public override string ToString() => $"{Subtopology}_{Partition}";
}
