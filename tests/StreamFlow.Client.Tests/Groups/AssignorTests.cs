using StreamFlow.Client.Groups;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Groups;

public sealed class AssignorTests
{
    [Fact]
    public async Task Range_gives_the_same_numbers_of_every_topic_to_the_same_member()
    {
        var result = await new RangeAssignor().AssignAsync(Context(new() { ["t"] = 3, ["u"] = 3 }, ("b", ["t", "u"]), ("a", ["t", "u"])), default);
        Assert.Equal([new("t", 0), new("t", 1), new("u", 0), new("u", 1)], result["a"].Partitions);
        Assert.Equal([new("t", 2), new("u", 2)], result["b"].Partitions);
    }

    [Fact]
    public async Task RoundRobin_passes_over_members_that_do_not_want_the_topic()
    {
        var result = await new RoundRobinAssignor().AssignAsync(Context(new() { ["t"] = 3, ["u"] = 2 }, ("a", ["t"]), ("b", ["t", "u"])), default);
        Assert.Equal([new("t", 0), new("t", 2)], result["a"].Partitions);
        Assert.Equal([new("t", 1), new("u", 0), new("u", 1)], result["b"].Partitions);
    }

    [Fact]
    public async Task Topics_that_do_not_exist_are_left_out()
    {
        foreach (IPartitionAssignor assignor in new IPartitionAssignor[] { new RangeAssignor(), new RoundRobinAssignor(), new StickyAssignor(), new CooperativeStickyAssignor() })
        {
            var result = await assignor.AssignAsync(Context([], ("a", ["missing"])), default);
            Assert.Empty(Assert.Single(result).Value.Partitions);
        }
    }

    [Fact]
    public async Task Cooperative_sticky_keeps_what_it_can_and_hands_out_only_what_nobody_owns()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var counts = Enumerable.Range(0, random.Next(1, 4)).ToDictionary(i => $"t{i}", _ => random.Next(1, 8));
            var members = Enumerable.Range(0, random.Next(1, 6)).Select(i => $"m{i}").ToList();
            var owned = new Dictionary<string, IReadOnlyList<TopicPartition>>();
            for (var generation = 0; generation < 4; generation++)
            {
                var context = new GroupAssignmentContext(
                    members[0],
                    members.ToDictionary(m => m, m => new MemberSubscription([.. counts.Keys], owned.GetValueOrDefault(m) ?? [], GenerationId: generation)),
                    counts);
                var result = await new CooperativeStickyAssignor().AssignAsync(context, default);
                var all = result.SelectMany(m => m.Value.Partitions).ToList();
                Assert.True(all.Count == all.Distinct().Count(), $"seed {seed}");
                foreach (var (member, assignment) in result)
                {
                    Assert.True(
                        assignment.Partitions.All(p => !owned.Any(o => o.Key != member && members.Contains(o.Key) && o.Value.Contains(p))), $"seed {seed}");
                }

                owned = result.ToDictionary(m => m.Key, m => m.Value.Partitions);
                if (generation == 1)
                {
                    members.Add("late");
                }
            }

            var sizes = owned.Values.Select(p => p.Count).ToList();
            Assert.True(owned.Values.Sum(p => p.Count) == counts.Values.Sum() && sizes.Max() - sizes.Min() <= 1, $"seed {seed}: {string.Join(',', sizes)}");
        }
    }

    [Fact]
    public async Task Sticky_returns_partitions_to_their_owner_from_the_newest_generation()
    {
        var old = StickyAssignor.Write([new("t", 0), new("t", 1)], 3);
        var young = StickyAssignor.Write([new("t", 1)], 4);
        var context = new GroupAssignmentContext(
            "a",
            new Dictionary<string, MemberSubscription> { ["a"] = new(["t"], [], old), ["b"] = new(["t"], [], young) },
            new Dictionary<string, int> { ["t"] = 2 });
        var result = await new StickyAssignor().AssignAsync(context, default);
        Assert.Equal(new("t", 0), Assert.Single(result["a"].Partitions));
        Assert.Equal(new("t", 1), Assert.Single(result["b"].Partitions));
    }

    [Fact]
    public void Sticky_takes_garbage_for_owning_nothing()
    {
        var bytes = StickyAssignor.Write([new("topic", 0), new("topic", 7)], 5);
        for (var length = 0; length < bytes.Length; length++)
        {
            _ = StickyAssignor.Read(bytes[..length]);
        }

        bytes[3] = 200;
        Assert.Empty(StickyAssignor.Read(bytes).Partitions);
        Assert.Empty(StickyAssignor.Read(null).Partitions);
    }

    private static GroupAssignmentContext Context(Dictionary<string, int> counts, params (string Member, string[] Topics)[] members) =>
        new(members[0].Member, members.ToDictionary(m => m.Member, m => new MemberSubscription(m.Topics, [])), counts);
}
