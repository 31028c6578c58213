using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Runtime.Assignment;

namespace StreamFlow.Streams.Tests.Runtime.Assignment;

public sealed class StandbyBalancerTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 8).Select(i => new Guid(i, 0, 0, new byte[8]))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_task_has_its_copies_and_none_where_it_runs(int seed)
    {
        var random = new Random(seed);
        var processes = Processes(random.Next(1, 6));
        var replicas = random.Next(0, 4);
        var active = Active([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(processes.Count))]);

        var copies = StandbyBalancer.Balance(active, replicas, processes);

        var wanted = Math.Min(replicas, processes.Count - 1);
        Assert.All(active, task => Assert.True(wanted == copies.Count(c => c.Value.Contains(task.Key)), $"seed {seed}: {task}"));
        Assert.All(active, task => Assert.DoesNotContain(task.Key, copies[task.Value]));
        Assert.All(copies.Values, tasks => Assert.Equal(tasks.Count, tasks.Distinct().Count()));
    }

    [Fact]
    public void A_single_process_keeps_no_copies() =>
        Assert.Empty(StandbyBalancer.Balance(Active(0, 0), 1, Processes(1))[Ids[0]]);

    [Fact]
    public void The_copies_of_one_process_are_spread_over_the_others()
    {
        var copies = StandbyBalancer.Balance(Active(0, 0, 1, 1, 2, 2), 1, Processes(3));

        Assert.All(copies.Values, tasks => Assert.Equal(2, tasks.Count));
        Assert.All(copies, c => Assert.Equal(2, c.Value.Select(RunnerOf).Distinct().Count()));

        static int RunnerOf(TaskId task) => task.Partition / 2;
    }

    [Fact]
    public void A_copy_stays_where_most_of_the_state_is()
    {
        var task = new TaskId(0, 0);
        List<StandbyBalancer.Process> processes =
        [
            new(Ids[0], new Dictionary<TaskId, long> { [task] = 100 }),
            new(Ids[1], new Dictionary<TaskId, long> { [task] = 10 }),
            new(Ids[2], new Dictionary<TaskId, long> { [task] = 90 }),
        ];

        Assert.Equal([task], StandbyBalancer.Balance(Active(0), 1, processes)[Ids[2]]);
    }

    [Fact]
    public void A_new_process_takes_its_share_of_the_copies()
    {
        var tasks = Enumerable.Range(0, 6).Select(p => new TaskId(0, p)).ToList();
        var full = tasks.ToDictionary(t => t, _ => 100L);
        List<StandbyBalancer.Process> processes =
            [new(Ids[0], full), new(Ids[1], full), new(Ids[2], new Dictionary<TaskId, long>())];

        var copies = StandbyBalancer.Balance(Active(0, 0, 0, 1, 1, 1), 1, processes);

        Assert.Equal(2, copies[Ids[2]].Count);
    }

    [Fact]
    public void What_threads_are_told_survives_the_wire()
    {
        List<TaskId> tasks = [new(1, 2), new(3, 4)];
        Assert.Equal(tasks, StandbyData.Read(StandbyData.Write(tasks)));
        Assert.Null(StandbyData.Write([]));
        Assert.Empty(StandbyData.Read(null));
        Assert.Empty(StandbyData.Read([9, 9, 9, 9, 9, 9]));
        Assert.Equal(tasks[..1], StandbyData.Read(StandbyData.Write(tasks).AsSpan(0, 15)));
    }

    private static List<StandbyBalancer.Process> Processes(int count) =>
        [.. Ids.Take(count).Select(id => new StandbyBalancer.Process(id, new Dictionary<TaskId, long>()))];

    /// <summary>Tasks 0_0, 0_1, …, run by the processes named.</summary>
    private static List<KeyValuePair<TaskId, Guid>> Active(params int[] runners) =>
        [.. runners.Select((r, p) => KeyValuePair.Create(new TaskId(0, p), Ids[r]))];
}
