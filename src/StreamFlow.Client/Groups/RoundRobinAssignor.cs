using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>Deals all partitions of all topics out in turn.</summary>
public sealed class RoundRobinAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "roundrobin";

    /// <inheritdoc/>
    public RebalanceProtocol Protocol => RebalanceProtocol.Eager;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, MemberAssignment>> AssignAsync(
        GroupAssignmentContext context, CancellationToken cancellationToken)
    {
        var members = PartitionNumbers.OrderedMembers(context);
        var result = members.ToDictionary(m => m, _ => new List<TopicPartition>(), StringComparer.Ordinal);
        var turn = 0;
        foreach (var topic in PartitionNumbers.SubscribedTopics(context))
        {
            foreach (var partition in PartitionNumbers.PartitionsOf(context, topic))
            {
                while (!context.Members[members[turn % members.Count]].Topics.Contains(topic))
                {
                    turn++;
                }

                result[members[turn++ % members.Count]].Add(partition);
            }
        }

        return new(PartitionNumbers.ToAssignments(result));
    }
}
