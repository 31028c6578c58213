namespace StreamFlow.Cli.Bench.Broker.Groups;

/// <summary>
/// Sees when a group is stable: all members are in the same generation, and together they have every partition. Members report from
/// any thread.
/// </summary>
/// <param name="members">How many members it is to have, and how many partitions.</param>
internal sealed class GroupWatch(int members)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IGroupMember, (int Generation, int Partitions)> _states = [];
    private TaskCompletionSource _stable = New();
    private int _newest;

    /// <summary>Ends when the group is stable, from now on or already.</summary>
    public Task StableAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _stable.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>From now on the group is not stable until all of its members are in one generation, newer than now.</summary>
    public void Disturb()
    {
        lock (_gate)
        {
            _stable = New();
            _newest++;
        }
    }

    /// <summary>A member has so many partitions in a generation.</summary>
    public void Report(IGroupMember member, int generation, int partitions)
    {
        lock (_gate)
        {
            _states[member] = (generation, partitions);
            _newest = Math.Max(_newest, generation);
            if (_states.Count == members && _states.Values.All(s => s.Generation == _newest)
                && _states.Values.Sum(s => s.Partitions) == members)
            {
                _stable.TrySetResult();
            }
        }
    }

    /// <summary>A member has left.</summary>
    public void Remove(IGroupMember member)
    {
        lock (_gate)
        {
            _states.Remove(member);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
