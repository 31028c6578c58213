using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>
/// Cuts every topic into ranges, one per member: partition n of topics with equally many partitions and subscribers goes to the same
/// member.
/// </summary>
public sealed class RangeAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "range";

    /// <inheritdoc/>
    public RebalanceProtocol Protocol => RebalanceProtocol.Eager;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, MemberAssignment>> AssignAsync(
        GroupAssignmentContext context, CancellationToken cancellationToken)
    {
        var members = PartitionNumbers.OrderedMembers(context);
        var result = members.ToDictionary(m => m, _ => new List<TopicPartition>(), StringComparer.Ordinal);
        foreach (var topic in PartitionNumbers.SubscribedTopics(context))
        {
            var subscribers = members.Where(m => context.Members[m].Topics.Contains(topic)).ToList();
            var (share, extra) = Math.DivRem(context.PartitionCounts[topic], subscribers.Count);
            var next = 0;
            for (var i = 0; i < subscribers.Count; i++)
            {
                var count = share + (i < extra ? 1 : 0);
                result[subscribers[i]].AddRange(Enumerable.Range(next, count).Select(p => new TopicPartition(topic, p)));
                next += count;
            }
        }

        return new(PartitionNumbers.ToAssignments(result));
    }
}
