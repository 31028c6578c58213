using System.Collections.Immutable;
using StreamFlow.Broker.Groups.Streams.Topology;

namespace StreamFlow.Broker.Groups.Streams.Assignment;

/// <summary>
/// Hands tasks out so that members have equally many and keep what they had. A task goes to its member of before, else to one that kept
/// a copy of its state, else to the process with the least load; copies go to processes that do not have the task yet (KIP-1071).
/// </summary>
internal sealed class StickyTaskAssignor
{
    private readonly int _standbyReplicas;
    private readonly Dictionary<string, ProcessLoad> _processes = new(StringComparer.Ordinal);
    private readonly Dictionary<StreamsTask, MemberLoad> _lastActive = [];
    private readonly Dictionary<StreamsTask, List<MemberLoad>> _lastStandby = [];
    private readonly TaskQuota _active;
    private readonly TaskQuota _total;
    private readonly ImmutableArray<MemberLoad> _members;

    /// <param name="members">Who the tasks are for.</param>
    /// <param name="targetOf">What a member was meant to have until now.</param>
    /// <param name="parts">The parts of the topology.</param>
    /// <param name="standbyReplicas">How many copies of each state there shall be.</param>
    public StickyTaskAssignor(
        IEnumerable<StreamsMember> members, Func<string, StreamsTasks> targetOf, IReadOnlyCollection<ConfiguredSubtopology> parts,
        int standbyReplicas)
    {
        _standbyReplicas = standbyReplicas;
        _members = [.. members.Select(m => Add(m, targetOf(m.MemberId)))];
        var active = parts.Sum(p => p.TaskCount);
        _active = new TaskQuota(active, _members.Length);
        _total = new TaskQuota(active + (parts.Where(p => p.IsStateful).Sum(p => p.TaskCount) * standbyReplicas), _members.Length);
    }

    /// <summary>The assignment of each member.</summary>
    public static IEnumerable<KeyValuePair<string, StreamsTasks>> Assign(
        IEnumerable<StreamsMember> members, Func<string, StreamsTasks> targetOf, IReadOnlyCollection<ConfiguredSubtopology> parts,
        int standbyReplicas)
    {
        var assignor = new StickyTaskAssignor(members, targetOf, parts, standbyReplicas);
        if (assignor._members.IsEmpty)
        {
            return [];
        }

        assignor.AssignActive([.. TasksOf(parts)]);
        if (standbyReplicas > 0)
        {
            assignor.AssignStandby([.. TasksOf(parts.Where(p => p.IsStateful))]);
        }

        return assignor._members.Select(m => KeyValuePair.Create(m.MemberId, m.ToTasks()));
    }

    private static IEnumerable<StreamsTask> TasksOf(IEnumerable<ConfiguredSubtopology> parts) =>
        parts.SelectMany(p => Enumerable.Range(0, p.TaskCount).Select(n => new StreamsTask(p.Id, n)));

    private MemberLoad Add(StreamsMember member, StreamsTasks last)
    {
        if (!_processes.TryGetValue(member.ProcessId, out var process))
        {
            _processes[member.ProcessId] = process = new ProcessLoad(_processes.Count);
        }

        var load = process.Add(member.MemberId);
        foreach (var task in last.Active)
        {
            _lastActive[task] = load;
        }

        foreach (var task in last.Standby)
        {
            if (!_lastStandby.TryGetValue(task, out var keepers))
            {
                _lastStandby[task] = keepers = [];
            }

            keepers.Add(load);
        }

        return load;
    }

    private void AssignActive(List<StreamsTask> tasks)
    {
        // Tasks with the same number often read partitions that belong together: they stay together where they were so.
        tasks = [.. tasks.OrderBy(t => t.Partition).ThenBy(t => t.Subtopology, StringComparer.Ordinal)];
        tasks.RemoveAll(t => _lastActive.TryGetValue(t, out var last) && TryGiveActive(last, t));
        tasks.RemoveAll(t => LeastLoadedKeeper(t, mustBeNew: false) is { } keeper && TryGiveActive(keeper, t));

        // Tasks of one part often weigh the same, so that each process is to get some of every part.
        foreach (var task in tasks.Order())
        {
            var member = _processes.Values.Min()!.LeastLoaded;
            Give(member, task, isActive: true);
        }
    }

    private void AssignStandby(List<StreamsTask> tasks)
    {
        var open = new List<(StreamsTask Task, int Count)>();
        foreach (var task in tasks.OrderByDescending(t => t.Partition).ThenByDescending(t => t.Subtopology, StringComparer.Ordinal))
        {
            var given = 0;
            while (given < _standbyReplicas && KeeperOf(task) is { } keeper)
            {
                Give(keeper, task, isActive: false);
                given++;
            }

            open.Add((task, _standbyReplicas - given));
        }

        foreach (var (task, count) in open.OrderByDescending(o => o.Task))
        {
            for (var i = 0; i < count; i++)
            {
                // With fewer processes than copies some copies have no place.
                if (_processes.Values.Where(p => !p.Has(task)).Min() is { } process)
                {
                    Give(process.LeastLoaded, task, isActive: false);
                }
            }
        }
    }

    /// <summary>The member that is to keep a copy because it has the state already; null when there is none with room.</summary>
    private MemberLoad? KeeperOf(StreamsTask task)
    {
        if (_lastActive.TryGetValue(task, out var last) && !last.Process.Has(task) && last.Count < _total.PerMember)
        {
            return last;
        }

        return LeastLoadedKeeper(task, mustBeNew: true) is { } keeper && keeper.Count < _total.PerMember ? keeper : null;
    }

    private MemberLoad? LeastLoadedKeeper(StreamsTask task, bool mustBeNew) => _lastStandby.GetValueOrDefault(task)?
        .Where(m => !mustBeNew || !m.Process.Has(task)).OrderBy(m => m.Process).ThenBy(m => m.Count).FirstOrDefault();

    private bool TryGiveActive(MemberLoad member, StreamsTask task)
    {
        if (member.Count >= _active.PerMember)
        {
            return false;
        }

        Give(member, task, isActive: true);
        return true;
    }

    private void Give(MemberLoad member, StreamsTask task, bool isActive)
    {
        member.Give(task, isActive);
        _active.Note(member.Count);
        _total.Note(member.Count);
    }
}
