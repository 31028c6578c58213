using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>What the built-in assignors share.</summary>
internal static class PartitionNumbers
{
    /// <summary>The topics that somebody subscribes to and that exist, in order.</summary>
    public static List<string> SubscribedTopics(GroupAssignmentContext context) =>
        context.Members.Values.SelectMany(m => m.Topics).Distinct(StringComparer.Ordinal)
            .Where(context.PartitionCounts.ContainsKey).Order(StringComparer.Ordinal).ToList();

    /// <summary>The ids of the members in a stable order: static members keep their place across restarts.</summary>
    public static List<string> OrderedMembers(GroupAssignmentContext context) =>
        context.Members.OrderBy(m => m.Value.GroupInstanceId ?? "￿", StringComparer.Ordinal).ThenBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => m.Key).ToList();

    public static IEnumerable<TopicPartition> PartitionsOf(GroupAssignmentContext context, string topic) =>
        Enumerable.Range(0, context.PartitionCounts[topic]).Select(p => new TopicPartition(topic, p));

    public static IReadOnlyDictionary<string, MemberAssignment> ToAssignments(Dictionary<string, List<TopicPartition>> byMember) =>
        byMember.ToDictionary(m => m.Key, m => new MemberAssignment(m.Value), StringComparer.Ordinal);
}
