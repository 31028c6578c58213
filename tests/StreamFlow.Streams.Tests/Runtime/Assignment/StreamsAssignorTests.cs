using StreamFlow.Client.Groups;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Runtime.Assignment;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Tests.Runtime.Assignment;

public sealed class StreamsAssignorTests
{
    private static readonly Guid A = new(1, 0, 0, new byte[8]);
    private static readonly Guid B = new(2, 0, 0, new byte[8]);

    [Fact]
    public async Task Copies_go_to_other_processes_and_all_their_threads_are_told()
    {
        var given = await AssignAsync(replicas: 1, ("a-1", A, []), ("a-2", A, []), ("b-1", B, []), ("b-2", B, []));

        foreach (var (member, other) in new[] { ("a", "b"), ("b", "a") })
        {
            var runsThere = given.Where(g => g.Key.StartsWith(other, StringComparison.Ordinal)).SelectMany(g => Partitions(g.Value)).Order();
            Assert.Equal(runsThere, Copies(given[$"{member}-1"]));
            Assert.Equal(runsThere, Copies(given[$"{member}-2"]));
        }
    }

    [Fact]
    public async Task A_task_that_is_about_to_move_is_copied_by_its_next_owner_until_then()
    {
        var given = await AssignAsync(replicas: 1, ("a-1", A, [0, 1, 2, 3]), ("b-1", B, []));

        Assert.Equal(2, Partitions(given["a-1"]).Count());
        Assert.Empty(given["b-1"].Partitions);
        Assert.Equal([0, 1, 2, 3], Copies(given["b-1"]));
        Assert.Empty(Copies(given["a-1"]));
    }

    [Fact]
    public async Task Without_replicas_and_without_state_nobody_is_told_of_copies()
    {
        Assert.All(await AssignAsync(replicas: 0, ("a-1", A, []), ("b-1", B, [])), g => Assert.Null(g.Value.UserData));

        var stateless = new StreamsBuilder();
        stateless.Stream<string, string>("in").To("out");
        var assignor = new StreamsAssignor(stateless.Build(), "app", A, () => [], 1, _ => { });
        var given = await assignor.AssignAsync(Context([("a-1", A, []), ("b-1", B, [])]), default);
        Assert.All(given, g => Assert.Null(g.Value.UserData));
    }

    private static async Task<IReadOnlyDictionary<string, MemberAssignment>> AssignAsync(
        int replicas, params (string Id, Guid Process, int[] Owned)[] members)
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in").GroupByKey().Count(Materialized<string, long>.As("counts"));
        var assignor = new StreamsAssignor(builder.Build(), "app", A, () => [], replicas, _ => { });
        return await assignor.AssignAsync(Context(members), default);
    }

    private static GroupAssignmentContext Context((string Id, Guid Process, int[] Owned)[] members) => new(
        members[0].Id,
        members.ToDictionary(m => m.Id, m => new MemberSubscription(
            ["in"], [.. m.Owned.Select(p => new TopicPartition("in", p))], new MemberData(m.Process, []).Write(), 1)),
        new Dictionary<string, int> { ["in"] = 4 });

    private static IEnumerable<int> Partitions(MemberAssignment given) => given.Partitions.Select(p => p.Partition);

    private static IEnumerable<int> Copies(MemberAssignment given) => StandbyData.Read(given.UserData).Select(t => t.Partition).Order();
}
