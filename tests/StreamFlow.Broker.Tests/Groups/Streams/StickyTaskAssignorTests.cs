using System.Collections.Immutable;
using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Broker.Groups.Streams.Assignment;
using StreamFlow.Broker.Groups.Streams.Topology;

namespace StreamFlow.Broker.Tests.Groups.Streams;

public sealed class StickyTaskAssignorTests
{
    [Fact]
    public void Every_task_has_one_owner_and_nobody_has_more_than_their_share()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var parts = Enumerable.Range(0, random.Next(1, 4)).Select(i => Part($"{i}", random.Next(1, 9), random.Next(2) == 0)).ToArray();
            var replicas = random.Next(3);
            var last = new Dictionary<string, StreamsTasks>();
            for (var round = 0; round < 4; round++)
            {
                var members = Enumerable.Range(0, random.Next(1, 6))
                    .Select(i => new StreamsMember { MemberId = $"m{random.Next(8)}",
                        ProcessId = $"p{i % 3}" }).DistinctBy(m => m.MemberId).ToArray();
                var next = Assign(members, last, parts, replicas);

                var tasks = parts.Sum(p => p.TaskCount);
                var active = next.Values.SelectMany(t => t.Active).ToArray();
                Assert.True(active.Length == tasks && active.Distinct().Count() == tasks, $"seed {seed}");
                var processes = members.GroupBy(m => m.ProcessId, m => next[m.MemberId]);
                Assert.All(processes, p => Assert.Equal(
                    p.Sum(t => t.Active.Count + t.Standby.Count), p.SelectMany(t => t.Active.Concat(t.Standby)).Distinct().Count()));
                if (replicas == 0)
                {
                    Assert.All(next.Values, t => Assert.InRange(t.Active.Count, 0, (tasks + members.Length - 1) / members.Length));
                }

                var copies = parts.Where(p => p.IsStateful).Sum(p => p.TaskCount) * Math.Min(replicas, processes.Count() - 1);
                Assert.True(copies == next.Values.Sum(t => t.Standby.Count), $"seed {seed}");
                last = next;
            }
        }
    }

    [Fact]
    public void Members_keep_what_they_had_when_nothing_changes()
    {
        StreamsMember[] members = [Member("a"), Member("b"), Member("c")];
        ConfiguredSubtopology[] parts = [Part("0", 7, true), Part("1", 5, false)];
        var first = Assign(members, [], parts, 1);

        Assert.All(Assign(members, first, parts, 1), t => Assert.True(t.Value.SameAs(first[t.Key])));
    }

    [Fact]
    public void Task_of_a_member_that_is_gone_goes_to_where_its_state_was_copied()
    {
        ConfiguredSubtopology[] parts = [Part("0", 6, true)];
        var last = new Dictionary<string, StreamsTasks>
        {
            ["a"] = new(Tasks(0, 1), Tasks(2, 4), []),
            ["b"] = new(Tasks(2, 3), Tasks(0, 5), []),
            ["c"] = new(Tasks(4, 5), Tasks(1, 3), []),
        };

        var next = Assign([Member("b"), Member("c")], last, parts, 1);
        Assert.Equal(Tasks(0, 2, 3), next["b"].Active);
        Assert.Equal(Tasks(1, 4, 5), next["c"].Active);
    }

    private static StreamsMember Member(string id) => new() { MemberId = id, ProcessId = $"p-{id}" };

    private static ImmutableHashSet<StreamsTask> Tasks(params int[] numbers) => [.. numbers.Select(n => new StreamsTask("0", n))];

    private static ConfiguredSubtopology Part(string id, int tasks, bool isStateful) =>
        new(id, tasks, [], [], [], isStateful ? [new InternalTopic("log", tasks, 0, [])] : []);

    private static Dictionary<string, StreamsTasks> Assign(
        StreamsMember[] members, Dictionary<string, StreamsTasks> last, ConfiguredSubtopology[] parts, int replicas) =>
        StickyTaskAssignor.Assign(members, id => last.GetValueOrDefault(id) ?? StreamsTasks.None, parts, replicas)
            .ToDictionary(t => t.Key, t => t.Value);
}
