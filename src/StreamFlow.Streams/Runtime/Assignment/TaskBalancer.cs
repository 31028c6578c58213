namespace StreamFlow.Streams.Runtime.Assignment;

/// <summary>
/// Distributes tasks over threads. No thread has two more than another, over all and, where that allows it, of each part of the topology
/// (tasks of one part cost about the same). A thread keeps what it has; what it must give up are rather tasks of which another process has
/// nearly all state on disk, and a task that must move goes where most of its state is, if there is room.
/// </summary>
internal sealed class TaskBalancer
{
    private readonly IReadOnlyList<Member> _members;
    private readonly SortedSet<TaskId> _free;
    private readonly Dictionary<string, List<TaskId>> _result;
    private readonly Room _all;
    private readonly Dictionary<int, Room> _parts;

    private TaskBalancer(IReadOnlyCollection<TaskId> tasks, IReadOnlyList<Member> members)
    {
        _members = members;
        _free = new SortedSet<TaskId>(tasks, Comparer<TaskId>.Create(Compare));
        _result = members.ToDictionary(m => m.Id, _ => new List<TaskId>(), StringComparer.Ordinal);
        _all = new Room(tasks.Count, members.Count);
        _parts = tasks.GroupBy(t => t.Subtopology).ToDictionary(g => g.Key, g => new Room(g.Count(), members.Count));
    }

    /// <summary>Computes who gets what.</summary>
    /// <param name="tasks">All tasks.</param>
    /// <param name="members">The threads, in a stable order.</param>
    public static Dictionary<string, List<TaskId>> Balance(IReadOnlyCollection<TaskId> tasks, IReadOnlyList<Member> members)
    {
        if (members.Count == 0)
        {
            return [];
        }

        var balancer = new TaskBalancer(tasks, members);
        balancer.KeepOwned();
        balancer.GiveFree();
        return balancer._result;
    }

    private void KeepOwned()
    {
        foreach (var member in _members)
        {
            var whatOthersLackFirst = member.Owned.OrderByDescending(t => LagOfOthers(member, t));
            foreach (var task in whatOthersLackFirst.ThenBy(t => t, _free.Comparer))
            {
                if (_free.Contains(task) && HasRoom(member, task))
                {
                    Give(member, task);
                }
            }
        }
    }

    private void GiveFree()
    {
        foreach (var task in _free.ToList())
        {
            var taker = _members.Where(m => m.Local.ContainsKey(task) && HasRoom(m, task))
                    .OrderByDescending(m => m.Local[task]).ThenBy(m => _result[m.Id].Count).FirstOrDefault()
                ?? LeastLoaded(_members.Where(m => HasRoom(m, task)))
                ?? LeastLoaded(_members.Where(m => _all.IsFor(m.Id)));
            Give(taker!, task);
        }
    }

    /// <summary>How much the best of the others would have to restore.</summary>
    private long LagOfOthers(Member member, TaskId task)
    {
        var others = _members.Where(m => m != member && m.Local.ContainsKey(task)).ToList();
        return others.Count == 0
            ? long.MaxValue
            : Math.Max(0, member.Local.GetValueOrDefault(task) - others.Max(m => m.Local[task]));
    }

    private bool HasRoom(Member member, TaskId task) => _all.IsFor(member.Id) && _parts[task.Subtopology].IsFor(member.Id);

    private Member? LeastLoaded(IEnumerable<Member> candidates) => candidates.MinBy(m => _result[m.Id].Count);

    private void Give(Member member, TaskId task)
    {
        _free.Remove(task);
        _result[member.Id].Add(task);
        _all.Take(member.Id);
        _parts[task.Subtopology].Take(member.Id);
    }

    private static int Compare(TaskId a, TaskId b)
    {
        var byPartition = a.Partition.CompareTo(b.Partition);
        return byPartition != 0 ? byPartition : a.Subtopology.CompareTo(b.Subtopology);
    }

    /// <summary>A thread as the balancer sees it.</summary>
    /// <param name="Id">Its member id.</param>
    /// <param name="Owned">The tasks it runs.</param>
    /// <param name="Local">The tasks whose state is on its process's disk, and how far it has come (<see cref="LocalTask"/>).</param>
    public sealed record Member(string Id, IReadOnlyCollection<TaskId> Owned, IReadOnlyDictionary<TaskId, long> Local);

    /// <summary>Even shares of a number of tasks: everybody may have the floor, and as many as the remainder one more.</summary>
    private sealed class Room(int tasks, int members)
    {
        private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
        private readonly int _share = tasks / members;
        private int _extras = tasks % members;

        public bool IsFor(string member) =>
            _counts.GetValueOrDefault(member) is var count && (count < _share || (count == _share && _extras > 0));

        public void Take(string member)
        {
            var count = _counts.GetValueOrDefault(member);
            if (count >= _share)
            {
                _extras--;
            }

            _counts[member] = count + 1;
        }
    }
}
