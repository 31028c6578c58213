namespace StreamFlow.Broker.Groups;

/// <summary>Which partition of an internal topic a group or a transactional id lives in, as Kafka's clients and tools compute it.</summary>
internal static class CoordinatorHash
{
    /// <summary>
    /// <c>abs(javaHash(key)) % partitions</c>: the hash runs over UTF-16 units and overflows; the smallest int counts as 0.
    /// </summary>
    public static int PartitionFor(ReadOnlySpan<char> key, int partitions)
    {
        var hash = 0;
        foreach (var c in key)
        {
            hash = unchecked((31 * hash) + c);
        }

        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitions;
    }
}
