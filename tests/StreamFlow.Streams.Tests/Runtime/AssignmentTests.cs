using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Runtime.Assignment;

namespace StreamFlow.Streams.Tests.Runtime;

public sealed class AssignmentTests
{
    private static readonly HashSet<TaskId> None = [];

    private static TaskBalancer.Member Member(string id, IEnumerable<TaskId>? owned = null, IEnumerable<TaskId>? local = null) =>
        new(id, owned?.ToHashSet() ?? None, (local ?? None).ToDictionary(t => t, _ => 1000L));

    private static List<TaskId> Tasks(int count) => [.. Enumerable.Range(0, count).Select(p => new TaskId(0, p))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_task_has_one_owner_and_loads_differ_by_one_at_most(int seed)
    {
        var random = new Random(seed);
        var tasks = Tasks(random.Next(1, 30)).SelectMany(t => Enumerable.Range(0, 1 + (seed % 3)).Select(part => new TaskId(part, t.Partition))).ToList();
        var members = Enumerable.Range(0, random.Next(1, 6)).Select(i => Member(
            $"m{i}", tasks.Where(_ => random.Next(4) == 0), tasks.Where(_ => random.Next(3) == 0))).ToList();
        var result = TaskBalancer.Balance(tasks, members);
        Assert.Equal(tasks, result.Values.SelectMany(t => t).OrderBy(t => t.Partition).ThenBy(t => t.Subtopology));
        Assert.True(result.Values.Max(t => t.Count) - result.Values.Min(t => t.Count) <= 1, $"seed {seed}");
    }

    [Fact]
    public void Second_thread_gets_half_of_every_part()
    {
        var tasks = Tasks(4).SelectMany(t => (TaskId[])[t, new TaskId(1, t.Partition)]).ToList();
        var result = TaskBalancer.Balance(tasks, [Member("a", tasks.OrderByDescending(t => t.Subtopology)), Member("b")]);
        Assert.All(result.Values, given => Assert.Equal(2, given.Count(t => t.Subtopology == 1)));
    }

    [Fact]
    public void Balanced_owners_keep_their_tasks()
    {
        var tasks = Tasks(4);
        var result = TaskBalancer.Balance(tasks, [Member("a", [tasks[1], tasks[3]]), Member("b", [tasks[0], tasks[2]])]);
        Assert.Equal([tasks[1], tasks[3]], result["a"].OrderBy(t => t.Partition));
    }

    [Fact]
    public void Task_without_an_owner_goes_where_its_state_is()
    {
        var tasks = Tasks(2);
        var result = TaskBalancer.Balance(tasks, [Member("a", local: [tasks[1]]), Member("b", local: [tasks[0]])]);
        Assert.Equal([tasks[1]], result["a"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Thread_that_comes_back_gets_the_tasks_whose_state_it_has(int first)
    {
        var tasks = Tasks(4);
        List<TaskId> left = [tasks[first], tasks[first + 1]];
        var result = TaskBalancer.Balance(tasks, [Member("a", owned: tasks, local: tasks), Member("b", local: left)]);
        Assert.Equal(left, result["b"].OrderBy(t => t.Partition));
    }

    [Fact]
    public void State_left_long_ago_counts_less_than_state_left_just_now()
    {
        var tasks = Tasks(4);
        var owner = new TaskBalancer.Member("a", tasks.ToHashSet(), tasks.ToDictionary(t => t, _ => 1000L));
        var back = new TaskBalancer.Member("b", None, tasks.ToDictionary(t => t, t => t.Partition < 2 ? 990L : 3L));
        Assert.Equal(tasks[..2], TaskBalancer.Balance(tasks, [owner, back])["b"].OrderBy(t => t.Partition));
    }

    [Fact]
    public void Task_without_an_owner_goes_where_most_of_its_state_is()
    {
        var tasks = Tasks(2);
        var old = new TaskBalancer.Member("a", None, tasks.ToDictionary(t => t, t => t.Partition == 0 ? 10L : 900L));
        var recent = new TaskBalancer.Member("b", None, tasks.ToDictionary(t => t, t => t.Partition == 0 ? 900L : 10L));
        Assert.Equal([tasks[1]], TaskBalancer.Balance(tasks, [old, recent])["a"]);
    }

    [Fact]
    public void Member_data_survives_the_wire_and_foreign_bytes_are_nobody()
    {
        var data = new MemberData(Guid.NewGuid(), [new LocalTask(new TaskId(1, 2), 5), new LocalTask(new TaskId(3, 4), long.MaxValue)]);
        var read = MemberData.Read("m", data.Write());
        Assert.Equal(data.ProcessId, read.ProcessId);
        Assert.Equal(data.LocalTasks, read.LocalTasks);
        Assert.Empty(MemberData.Read("m", [9, 9, 9]).LocalTasks);
        Assert.Empty(MemberData.Read("m", data.Write().AsSpan(0, 21)).LocalTasks);
    }

    [Fact]
    public void Partition_time_is_read_back_from_commit_metadata()
    {
        Assert.Equal(1234, CommitMetadata.ReadPartitionTime(CommitMetadata.Write(1234)));
        Assert.Equal(-1, CommitMetadata.ReadPartitionTime(""));
        Assert.Equal(-1, CommitMetadata.ReadPartitionTime("somebody's note"));
    }
}
