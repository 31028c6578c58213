namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>
/// Who has which tasks of a streams group, and what was committed for them. A task is at work in one member at a time, a process holds its
/// state once, and committed offsets never go back. Thread safe.
/// </summary>
internal sealed class TaskLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, StreamsMember> _active = [];
    private readonly Dictionary<(string Process, int Task), StreamsMember> _states = [];
    private readonly Dictionary<int, long> _said = [];
    private readonly Dictionary<int, long> _committed = [];

    /// <summary>Takeovers of tasks so far.</summary>
    public int Moves { get; private set; }

    /// <summary>The committed offset of each task, as far as the broker has confirmed it.</summary>
    public IReadOnlyDictionary<int, long> Committed
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<int, long>(_committed);
            }
        }
    }

    /// <summary>A member was given tasks; what it had besides, it has no more.</summary>
    public void Give(StreamsMember member, IReadOnlySet<int> active, IReadOnlySet<int> standby)
    {
        lock (_gate)
        {
            TakeAway(member, active, standby);
            foreach (var task in active.Where(t => !Has(_active, t, member)))
            {
                Require(!_active.TryGetValue(task, out var other) || !other.IsSafelyIn, task, $"is at work in {other} and given to {member}");
                _active[task] = member;
                Moves++;
            }

            foreach (var task in active.Concat(standby).Where(t => !Has(_states, (member.Process, t), member)))
            {
                var state = (member.Process, task);
                Require(!_states.TryGetValue(state, out var other) || !other.IsSafelyIn, task,
                    $"has its state with {other} and is given to {member} of the same process");
                _states[state] = member;
            }
        }
    }

    /// <summary>A member has nothing any more, or does not know what it has.</summary>
    public void TakeAll(StreamsMember member)
    {
        lock (_gate)
        {
            TakeAway(member, new HashSet<int>(), new HashSet<int>());
        }
    }

    /// <summary>The next offset to commit for a task.</summary>
    public long Next(int task)
    {
        lock (_gate)
        {
            return _said[task] = _said.GetValueOrDefault(task) + 1;
        }
    }

    /// <summary>The broker has confirmed a commit.</summary>
    public void Confirm(int task, long offset)
    {
        lock (_gate)
        {
            _committed[task] = Math.Max(_committed.GetValueOrDefault(task), offset);
        }
    }

    /// <summary>The broker says what is committed for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="offset">What it says; -1 for nothing.</param>
    /// <param name="confirmed">What had been confirmed when it was asked.</param>
    public void Check(int task, long offset, long confirmed)
    {
        lock (_gate)
        {
            Require(offset >= confirmed, task, $"is committed at {offset}, and {confirmed} had been confirmed");
            Require(offset <= _said.GetValueOrDefault(task), task, $"is committed at {offset}, and nobody has said more than {_said.GetValueOrDefault(task)}");
        }
    }

    private void TakeAway(StreamsMember member, IReadOnlySet<int> active, IReadOnlySet<int> standby)
    {
        foreach (var task in _active.Where(a => a.Value == member && !active.Contains(a.Key)).Select(a => a.Key).ToArray())
        {
            _active.Remove(task);
        }

        foreach (var state in _states.Where(s => s.Value == member && !active.Contains(s.Key.Task) && !standby.Contains(s.Key.Task))
            .Select(s => s.Key).ToArray())
        {
            _states.Remove(state);
        }
    }

    private static bool Has<TKey>(Dictionary<TKey, StreamsMember> all, TKey key, StreamsMember member)
        where TKey : notnull => all.TryGetValue(key, out var owner) && owner == member;

    private static void Require(bool condition, int task, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"streams group: task {task} {problem}");
        }
    }
}
