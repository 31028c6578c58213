namespace StreamFlow.Broker.Groups.Streams;

/// <summary>A task of a stream processing application: one partition of one part of its topology.</summary>
internal readonly record struct StreamsTask(string Subtopology, int Partition) : IComparable<StreamsTask>
{
    public int CompareTo(StreamsTask other) =>
        string.CompareOrdinal(Subtopology, other.Subtopology) is var order and not 0 ? order : Partition.CompareTo(other.Partition);

    /// <summary>Tasks by their part of the topology, in order, which is how messages and records list them.</summary>
    public static IEnumerable<(string Subtopology, List<int> Partitions)> Grouped(IEnumerable<StreamsTask> tasks) =>
        tasks.Order().GroupBy(t => t.Subtopology, t => t.Partition, StringComparer.Ordinal).Select(g => (g.Key, g.ToList()));

    /// <summary>The tasks of one entry of such a list.</summary>
    public static IEnumerable<StreamsTask> Of(string subtopology, List<int> partitions) =>
        partitions.Select(p => new StreamsTask(subtopology, p));
}
