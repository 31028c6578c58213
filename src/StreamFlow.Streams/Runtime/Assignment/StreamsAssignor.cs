using StreamFlow.Client.Groups;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime.Assignment;

/// <summary>
/// Gives whole tasks to the threads of an application: all input partitions of a task go to one member. Cooperative (KIP-429): a task that
/// moves is given to nobody until its present owner has given it up. Copies of stores go to processes; all threads of a process are told.
/// </summary>
/// <param name="topology">The topology; the same in all members.</param>
/// <param name="applicationId">Prefix of internal topics.</param>
/// <param name="processId">This process.</param>
/// <param name="localTasks">The tasks whose state is on this process's disk now.</param>
/// <param name="standbyReplicas">How many copies of each store other processes keep.</param>
/// <param name="onStandbys">Told the copies that this process shall keep.</param>
internal sealed class StreamsAssignor(
    Topology topology, string applicationId, Guid processId, Func<IReadOnlyList<LocalTask>> localTasks, int standbyReplicas,
    Action<IReadOnlyList<TaskId>> onStandbys) : IPartitionAssignor
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
        var processes = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var (id, subscription) in context.Members.OrderBy(m => m.Value.GroupInstanceId ?? m.Key, StringComparer.Ordinal))
        {
            var data = MemberData.Read(id, subscription.UserData);
            var owned = subscription.OwnedPartitions.Where(p => owners[p] == id).Select(plan.TaskOf).OfType<TaskId>().ToHashSet();
            processes.Add(id, data.ProcessId);
            members.Add(new TaskBalancer.Member(id, owned, data.LocalTasks.ToDictionary(t => t.Task, t => t.Progress)));
        }

        var balanced = TaskBalancer.Balance(plan.Tasks.Keys.ToList(), members);
        var standbys = AssignStandbys(plan, balanced, owners, members, processes);
        var result = new Dictionary<string, MemberAssignment>(StringComparer.Ordinal);
        foreach (var (member, tasks) in balanced)
        {
            var given = tasks.Where(t => plan.Tasks[t].TrueForAll(p => !owners.TryGetValue(p, out var owner) || owner == member));
            result.Add(member, new MemberAssignment(
                [.. given.SelectMany(t => plan.Tasks[t]).Order()],
                standbys is null ? null : StandbyData.Write(standbys[processes[member]])));
        }

        return new(result);
    }

    /// <inheritdoc/>
    public void OnAssignment(MemberAssignment assignment, Client.ConsumerGroupMetadata group) =>
        onStandbys(StandbyData.Read(assignment.UserData));

    /// <summary>
    /// The copies of each process, as the tasks are now: one that is about to move is with its owner still, and its next owner may keep the
    /// copy until then.
    /// </summary>
    private IReadOnlyDictionary<Guid, List<TaskId>>? AssignStandbys(
        PartitionPlan plan, Dictionary<string, List<TaskId>> balanced, Dictionary<TopicPartition, string> owners,
        List<TaskBalancer.Member> members, Dictionary<string, Guid> processes)
    {
        if (standbyReplicas == 0)
        {
            return null;
        }

        var stateful = topology.Subtopologies.Where(p => p.StoreDescriptors.Any(s => s.CanBeRestored)).Select(p => p.Id).ToHashSet();
        var active = balanced.SelectMany(b => b.Value, (given, task) => (Member: given.Key, Task: task))
            .Where(t => stateful.Contains(t.Task.Subtopology))
            .OrderBy(t => t.Task.Subtopology).ThenBy(t => t.Task.Partition)
            .Select(t => KeyValuePair.Create(
                t.Task, processes[plan.Tasks[t.Task].Select(p => owners.GetValueOrDefault(p)).FirstOrDefault(o => o is not null)
                    ?? t.Member]))
            .ToList();
        var local = members.DistinctBy(m => processes[m.Id]).Select(m => new StandbyBalancer.Process(processes[m.Id], m.Local));
        return StandbyBalancer.Balance(active, standbyReplicas, [.. local]);
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
