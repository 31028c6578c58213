using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Consumers.Assignors;

namespace StreamFlow.Broker.Tests.Groups.Consumers.Assignors;

public sealed class GroupAssignorTests
{
    private static readonly Guid First = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid Second = new("00000000-0000-0000-0000-00000000000b");

    [Fact]
    public void Range_gives_each_reader_a_run_and_cuts_topics_alike()
    {
        var assigned = new RangeAssignor().Assign(
            [new(First, 5), new(Second, 5)], [Member("b", [First, Second]), Member("a", [First, Second])]);

        Assert.Equal("a0 a1 a2 b0 b1 b2", Text(assigned["a"]));
        Assert.Equal("a3 a4 b3 b4", Text(assigned["b"]));
    }

    [Fact]
    public void Range_keeps_the_place_of_a_static_member_that_comes_back_under_another_id()
    {
        var before = new RangeAssignor().Assign([new(First, 3)], [Member("z", [First], instance: "i"), Member("b", [First])]);
        var after = new RangeAssignor().Assign([new(First, 3)], [Member("0", [First], instance: "i"), Member("b", [First])]);

        Assert.Equal("a0 a1", Text(before["z"]));
        Assert.Equal("a0 a1", Text(after["0"]));
    }

    [Fact]
    public void Uniform_moves_no_more_than_a_new_member_needs()
    {
        var members = new[] { Member("a", [First], "a0 a1 a2 a3"), Member("b", [First], "a4 a5 a6"), Member("c", [First]) };

        var assigned = new UniformAssignor().Assign([new(First, 7)], members);

        Assert.Equal([2, 2, 3], assigned.Values.Select(p => p.Count).Order());
        Assert.Equal(5, assigned["a"].Count(members[0].Current.Contains) + assigned["b"].Count(members[1].Current.Contains));
    }

    [Fact]
    public void Uniform_gives_partitions_of_a_topic_only_to_its_readers()
    {
        var assigned = new UniformAssignor().Assign(
            [new(First, 4), new(Second, 2)], [Member("a", [First]), Member("b", [First, Second]), Member("c", [])]);

        Assert.Equal(3, assigned["a"].Count);
        Assert.All(assigned["a"], p => Assert.Equal(First, p.TopicId));
        Assert.Equal(2, assigned["b"].Count(p => p.TopicId == Second));
        Assert.Equal(3, assigned["b"].Count);
        Assert.Empty(assigned["c"]);
    }

    [Fact]
    public void Uniform_hands_out_everything_once_and_evenly_whatever_was_before()
    {
        const int Seed = 848;
        var random = new Random(Seed);
        for (var round = 0; round < 200; round++)
        {
            var partitions = random.Next(1, 40);
            var current = Enumerable.Range(0, partitions).ToDictionary(p => p, _ => random.Next(8));
            var members = Enumerable.Range(0, random.Next(1, 8)).Select(i => new AssignedMember(
                $"m{i}", null, new HashSet<Guid> { First },
                current.Where(c => c.Value == i).Select(c => new TopicIdPartition(First, c.Key)).ToHashSet())).ToArray();

            var assigned = new UniformAssignor().Assign([new(First, partitions)], members);

            var counts = assigned.Values.Select(p => p.Count).ToArray();
            Assert.True(counts.Max() - counts.Min() <= 1, $"seed {Seed} round {round}: {string.Join(' ', counts)}");
            Assert.Equal(partitions, assigned.Values.SelectMany(p => p).Distinct().Count());
            Assert.Equal(partitions, counts.Sum());
        }
    }

    private static AssignedMember Member(string id, Guid[] topics, string current = "", string? instance = null) => new(
        id, instance, topics.ToHashSet(),
        current.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => new TopicIdPartition(p[0] == 'a' ? First : Second, p[1] - '0')).ToHashSet());

    private static string Text(IEnumerable<TopicIdPartition> partitions) =>
        string.Join(' ', partitions.Select(p => $"{(p.TopicId == First ? 'a' : 'b')}{p.Partition}").Order());
}
