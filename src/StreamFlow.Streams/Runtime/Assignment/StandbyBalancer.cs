namespace StreamFlow.Streams.Runtime.Assignment;

/// <summary>
/// Chooses the processes that keep copies of the tasks' stores. Never the one that runs the task; as evenly as that allows; and rather one
/// that has most of the state already, so that copies stay where they are. The copies of what one process runs are spread over the others:
/// when it dies, they share its work.
/// </summary>
internal sealed class StandbyBalancer
{
    private readonly IReadOnlyList<Process> _processes;
    private readonly Dictionary<Guid, List<TaskId>> _result;
    private readonly Dictionary<(Guid From, Guid To), int> _pairs = [];

    private StandbyBalancer(IReadOnlyList<Process> processes) =>
        (_processes, _result) = (processes, processes.ToDictionary(p => p.Id, _ => new List<TaskId>()));

    /// <summary>Computes which copies each process keeps.</summary>
    /// <param name="active">The tasks that have state, with the process that runs each; in a stable order.</param>
    /// <param name="replicas">How many copies of each, as far as there are processes.</param>
    /// <param name="processes">All processes, in a stable order.</param>
    public static IReadOnlyDictionary<Guid, List<TaskId>> Balance(
        IReadOnlyCollection<KeyValuePair<TaskId, Guid>> active, int replicas, IReadOnlyList<Process> processes)
    {
        var balancer = new StandbyBalancer(processes);
        var perTask = Math.Min(replicas, processes.Count - 1);
        if (perTask > 0)
        {
            var share = ((active.Count * perTask) + processes.Count - 1) / processes.Count;
            for (var copy = 0; copy < perTask; copy++)
            {
                foreach (var (task, runner) in active)
                {
                    balancer.Give(task, runner, share);
                }
            }
        }

        return balancer._result;
    }

    private void Give(TaskId task, Guid runner, int share)
    {
        var taker = _processes
            .Where(p => p.Id != runner && !_result[p.Id].Contains(task))
            .OrderBy(p => _result[p.Id].Count >= share)
            .ThenByDescending(p => p.Local.GetValueOrDefault(task, -1))
            .ThenBy(p => _pairs.GetValueOrDefault((runner, p.Id)))
            .ThenBy(p => _result[p.Id].Count)
            .FirstOrDefault();
        if (taker is not null)
        {
            _result[taker.Id].Add(task);
            _pairs[(runner, taker.Id)] = _pairs.GetValueOrDefault((runner, taker.Id)) + 1;
        }
    }

    /// <summary>A process as the balancer sees it.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Local">The tasks whose state is on its disk, and how far it has come (<see cref="LocalTask"/>).</param>
    public sealed record Process(Guid Id, IReadOnlyDictionary<TaskId, long> Local);
}
