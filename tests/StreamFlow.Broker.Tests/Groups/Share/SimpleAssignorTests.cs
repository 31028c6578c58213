using System.Collections.Immutable;
using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Share;

namespace StreamFlow.Broker.Tests.Groups.Share;

public sealed class SimpleAssignorTests
{
    private static readonly Guid First = new(1, 0, 0, new byte[8]);
    private static readonly Guid Second = new(2, 0, 0, new byte[8]);

    [Fact]
    public void Partitions_are_spread_when_there_are_enough()
    {
        Assert.Equal("a: 0 2, b: 1 3", Assign(4, ["a", "b"]));
        Assert.Equal("a: 0, b: 1", Assign(2, ["a", "b"]));
    }

    [Fact]
    public void Members_share_partitions_when_there_are_more_of_them()
    {
        Assert.Equal("a: 0, b: 0, c: 0", Assign(1, ["a", "b", "c"]));
        Assert.Equal("a: 0, b: 1, c: 0, d: 1, e: 0", Assign(2, ["a", "b", "c", "d", "e"]));
    }

    [Fact]
    public void Who_has_a_partition_keeps_it_as_long_as_that_is_fair()
    {
        Assert.Equal("a: 1 2, b: 0 3", Assign(4, ["a", "b"], ("a", [2, 3, 1])));
        Assert.Equal("a: 1, b: 0, c: 1", Assign(2, ["a", "b", "c"], ("a", [1]), ("c", [1])));
    }

    [Fact]
    public void Everybody_gets_a_partition_of_each_topic_that_only_some_read()
    {
        ShareMember[] members =
        [
            new() { MemberId = "a", Topics = ImmutableSortedSet.Create("t") },
            new() { MemberId = "b", Topics = ImmutableSortedSet.Create("t", "u") },
        ];
        var partitions = new Dictionary<string, IReadOnlyList<TopicIdPartition>>
        {
            ["t"] = [new(First, 0)],
            ["u"] = [new(Second, 0), new(Second, 1)],
        };
        var assignment = SimpleAssignor.Assign(members, partitions, _ => []);
        Assert.Equal([new(First, 0)], assignment["a"]);
        Assert.Equal([new(First, 0), new(Second, 0), new(Second, 1)], assignment["b"].OrderBy(p => (p.TopicId, p.Partition)));
    }

    [Fact]
    public void Loads_differ_by_one_at_most_and_every_partition_has_a_reader()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        ImmutableDictionary<string, ImmutableHashSet<TopicIdPartition>> current = ImmutableDictionary<string,
            ImmutableHashSet<TopicIdPartition>>.Empty;
        for (var round = 0; round < 500; round++)
        {
            var count = random.Next(1, 12);
            ShareMember[] members = [.. Enumerable.Range(0, 20).Where(_ => random.Next(2) == 0)
                .Select(i => new ShareMember { MemberId = $"m{i:00}", Topics = ImmutableSortedSet.Create("t") })];
            TopicIdPartition[] partitions = [.. Enumerable.Range(0, count).Select(p => new TopicIdPartition(First, p))];
            var assignment = SimpleAssignor.Assign(
                members, new Dictionary<string, IReadOnlyList<TopicIdPartition>> { ["t"] = partitions },
                id => current.GetValueOrDefault(id) ?? []);
            current = assignment.ToImmutableDictionary(a => a.Key, a => a.Value.ToImmutableHashSet());
            if (members.Length == 0)
            {
                continue;
            }

            var why = $"round {round} of seed {Seed}";
            var loads = assignment.Values.Select(v => v.Count).ToArray();
            Assert.True(loads.Max() - loads.Min() <= 1 && loads.Min() >= 1, why);
            var readers = partitions.Select(p => assignment.Values.Count(v => v.Contains(p))).ToArray();
            Assert.True(readers.Max() - readers.Min() <= 1 && readers.Min() >= 1, why);
        }
    }

    private static string Assign(int partitions, string[] members, params (string Member, int[] Partitions)[] current)
    {
        var topics = new Dictionary<string, IReadOnlyList<TopicIdPartition>>
        {
            ["t"] = [.. Enumerable.Range(0, partitions).Select(p => new TopicIdPartition(First, p))],
        };
        var assignment = SimpleAssignor.Assign(
            [.. members.Select(m => new ShareMember { MemberId = m, Topics = ImmutableSortedSet.Create("t") })],
            topics,
            id => [.. current.Where(c => c.Member == id).SelectMany(c => c.Partitions).Select(p => new TopicIdPartition(First, p))]);
        return string.Join(", ", members.Select(m => $"{m}: {string.Join(' ', assignment[m].Select(p => p.Partition).Order())}"));
    }
}
