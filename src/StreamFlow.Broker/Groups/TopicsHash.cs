using StreamFlow.Broker.Metadata;

namespace StreamFlow.Broker.Groups;

/// <summary>Tells one state of the topics that a group reads from another.</summary>
internal static class TopicsHash
{
    /// <summary>FNV-1a over name, id and number of partitions of each topic that there is.</summary>
    public static long Of(IEnumerable<string> names, IReadOnlyDictionary<string, TopicImage> topics)
    {
        const ulong Prime = 1099511628211;
        var hash = 14695981039346656037;
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (!topics.TryGetValue(name, out var topic))
            {
                continue;
            }

            foreach (var c in $"{name}:{topic.Id:N}:{topic.PartitionCount};")
            {
                hash = unchecked((hash ^ c) * Prime);
            }
        }

        return unchecked((long)hash);
    }
}
