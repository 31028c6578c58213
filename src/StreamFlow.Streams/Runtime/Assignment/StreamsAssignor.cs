using StreamFlow.Client.Groups;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime.Assignment;

/// <summary>
/// Gives whole tasks to the threads of an application: all input partitions of a task go to one member. Cooperative (KIP-429): a task that
/// moves is given to nobody until its present owner has given it up.
/// </summary>
/// <param name="topology">The topology; the same in all members.</param>
/// <param name="applicationId">Prefix of internal topics.</param>
/// <param name="processId">This process.</param>
/// <param name="localTasks">The tasks whose state is on this process's disk now.</param>
internal sealed class StreamsAssignor(Topology topology, string applicationId, Guid processId, Func<IReadOnlyList<LocalTask>> localTasks)
    : IPartitionAssignor
{
    public string Name => "streamflow";

    public RebalanceProtocol Protocol => RebalanceProtocol.Cooperative;

    public byte[] GetUserData(IReadOnlyCollection<string> topics) => new MemberData(processId, localTasks()).Write();

    public ValueTask<IReadOnlyDictionary<string, MemberAssignment>> AssignAsync(
        GroupAssignmentContext context, CancellationToken cancellationToken)
    {
        var plan = new PartitionPlan(topology, applicationId, context.PartitionCounts);
        var owners = Owners(context);
        var members = new List<TaskBalancer.Member>();
        foreach (var (id, subscription) in context.Members.OrderBy(m => m.Value.GroupInstanceId ?? m.Key, StringComparer.Ordinal))
        {
            var data = MemberData.Read(id, subscription.UserData);
            var owned = subscription.OwnedPartitions.Where(p => owners[p] == id).Select(plan.TaskOf).OfType<TaskId>().ToHashSet();
            members.Add(new TaskBalancer.Member(id, owned, data.LocalTasks.ToDictionary(t => t.Task, t => t.Progress)));
        }

        var result = new Dictionary<string, MemberAssignment>(StringComparer.Ordinal);
        foreach (var (member, tasks) in TaskBalancer.Balance(plan.Tasks.Keys.ToList(), members))
        {
            var given = tasks.Where(t => plan.Tasks[t].TrueForAll(p => !owners.TryGetValue(p, out var owner) || owner == member));
            result.Add(member, new MemberAssignment([.. given.SelectMany(t => plan.Tasks[t]).Order()]));
        }

        return new(result);
    }

    /// <summary>Who owns each partition; of several claims the one of the newest generation counts.</summary>
    private static Dictionary<TopicPartition, string> Owners(GroupAssignmentContext context)
    {
        var owners = new Dictionary<TopicPartition, string>();
        foreach (var (id, subscription) in context.Members.OrderBy(m => m.Value.GenerationId))
        {
            foreach (var partition in subscription.OwnedPartitions)
            {
                owners[partition] = id;
            }
        }

        return owners;
    }
}
