namespace StreamFlow.Broker.Groups.Consumers.Assignors;

/// <summary>
/// Gives each reader of a topic a run of its partitions, the first readers one more when they do not divide evenly. Topics with the same
/// number of partitions and the same readers are cut alike, so that equal partition numbers come to the same member.
/// </summary>
internal sealed class RangeAssignor : IGroupAssignor
{
    /// <inheritdoc/>
    public string Name => "range";

    /// <inheritdoc/>
    public Dictionary<string, HashSet<TopicIdPartition>> Assign(IReadOnlyList<AssignedTopic> topics, IReadOnlyList<AssignedMember> members)
    {
        // Static members come first and keep their places, whatever ids they come back with.
        var ordered = members.OrderBy(m => m.InstanceId is null)
            .ThenBy(m => m.InstanceId ?? m.MemberId, StringComparer.Ordinal).ToArray();
        var assigned = members.ToDictionary(m => m.MemberId, _ => new HashSet<TopicIdPartition>(), StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            var readers = Array.FindAll(ordered, m => m.Topics.Contains(topic.Id));
            var next = 0;
            for (var i = 0; i < readers.Length; i++)
            {
                var share = (topic.PartitionCount / readers.Length) + (i < topic.PartitionCount % readers.Length ? 1 : 0);
                for (var end = next + share; next < end; next++)
                {
                    assigned[readers[i].MemberId].Add(new TopicIdPartition(topic.Id, next));
                }
            }
        }

        return assigned;
    }
}
