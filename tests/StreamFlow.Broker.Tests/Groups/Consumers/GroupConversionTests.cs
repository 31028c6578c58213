using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Broker.Tests.Groups.Consumers.ConsumerGroupBroker;

namespace StreamFlow.Broker.Tests.Groups.Consumers;

public sealed class GroupConversionTests
{
    [Fact]
    public async Task Classic_group_goes_on_as_one_of_the_new_kind_and_back_while_its_member_stays()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        var joined = await JoinAsync(broker, "");
        await SyncAsync(broker, joined, 0, 1, 2, 3);
        var id = joined.MemberId;

        // The member of the new kind takes the group along and waits for partitions of the classic one.
        Assert.Equal("2: ", Text(await group.JoinAsync("n")));
        Assert.Equal([0, 1], (await group.DescribeAsync()).Members.Select(m => (int)m.MemberType).Order());
        Assert.Equal(ErrorCode.RebalanceInProgress, await BeatAsync(broker, id, 1));

        // First it learns what to give up, then it joins again without that.
        joined = await JoinAsync(broker, id, 0, 1, 2, 3);
        Assert.Equal((1, "", "range"), (joined.GenerationId, joined.Leader, joined.ProtocolName));
        Assert.Equal([0, 1], await SyncAsync(broker, joined));
        Assert.Equal(ErrorCode.RebalanceInProgress, await BeatAsync(broker, id, 1));
        joined = await JoinAsync(broker, id, 0, 1);
        Assert.Equal(2, joined.GenerationId);
        Assert.Equal([0, 1], await SyncAsync(broker, joined));
        Assert.Equal(ErrorCode.None, await BeatAsync(broker, id, 2));
        Assert.Equal(ErrorCode.IllegalGeneration, await BeatAsync(broker, id, 1));
        Assert.Equal("2: 2 3", Text(await group.BeatAsync("n", 2)));

        // The last one of the new kind leaves: the classic one is alone and leads again.
        await group.BeatAsync("n", -1);
        Assert.Equal(ErrorCode.GroupIdNotFound, (await group.DescribeAsync()).ErrorCode);
        Assert.Equal(ErrorCode.RebalanceInProgress, await BeatAsync(broker, id, 2));
        joined = await JoinAsync(broker, id, 0, 1);
        Assert.Equal(id, joined.Leader);
        Assert.Equal([0, 1, 2, 3], await SyncAsync(broker, joined, 0, 1, 2, 3));
        Assert.Equal("Stable", (await ClassicAsync(broker)).GroupState);
    }

    [Fact]
    public async Task Conversion_survives_a_restart_with_the_offsets()
    {
        var group = await StartAsync(listen: true);
        await using var first = group.Broker;
        await SyncAsync(first, await JoinAsync(first, ""), 0, 1, 2, 3);
        var id = (await ClassicAsync(first)).Members[0].MemberId;
        Assert.Equal(ErrorCode.None, await group.CommitAsync(id, 1));
        await group.JoinAsync("n");
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory, listen: true);

        Assert.Equal(2, (await group.At(second).DescribeAsync()).Members.Count);
        Assert.Equal(ErrorCode.GroupIdNotFound, (await ClassicAsync(second)).ErrorCode);
        var fetched = await second.SendAsync(new OffsetFetchRequest { Groups = [new() { GroupId = Group, Topics = null }] }, 9);
        Assert.Equal(7, fetched.Groups[0].Topics[0].Partitions[0].CommittedOffset);
    }

    [Fact]
    public async Task Empty_group_takes_members_of_either_kind()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("n");
        await group.BeatAsync("n", -1);

        var joined = await JoinAsync(broker, "");
        Assert.Equal((1, joined.MemberId), (joined.GenerationId, joined.Leader));
        await broker.SendAsync(new LeaveGroupRequest { GroupId = Group, Members = [new() { MemberId = joined.MemberId }] }, 5);
        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("n")));
    }

    [Fact]
    public async Task Group_stays_of_its_kind_where_the_policy_says_so()
    {
        var group = await StartAsync(o => o with { GroupConsumerMigrationPolicy = "disabled" });
        await using var broker = group.Broker;
        await SyncAsync(broker, await JoinAsync(broker, ""), 0, 1, 2, 3);

        var refused = await group.JoinAsync("n");

        Assert.Equal(ErrorCode.GroupIdNotFound, refused.ErrorCode);
        Assert.Contains("online upgrade is disabled", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("Stable", (await ClassicAsync(broker)).GroupState);
    }

    private static async Task<DescribeGroupsResponse.DescribedGroup> ClassicAsync(TestBroker broker) =>
        (await broker.SendAsync(new DescribeGroupsRequest { Groups = [Group] })).Groups[0];

    private static Task<JoinGroupResponse> JoinAsync(TestBroker broker, string memberId, params int[] owned) => broker.SendAsync(
        new JoinGroupRequest
        {
            GroupId = Group,
            MemberId = memberId,
            SessionTimeoutMs = 60_000,
            RebalanceTimeoutMs = 60_000,
            ProtocolType = "consumer",
            Protocols =
            [
                new()
                {
                    Name = "range",
                    Metadata = VersionedBytes.Write(
                        new ConsumerProtocolSubscription
                        {
                            Topics = ["t"],
                            OwnedPartitions = owned.Length == 0 ? [] : [new() { Topic = "t", Partitions = [.. owned] }],
                        },
                        1),
                },
            ],
        },
        3).WaitAsync(TimeSpan.FromSeconds(30));

    private static async Task<List<int>> SyncAsync(TestBroker broker, JoinGroupResponse joined, params int[] assigned)
    {
        var assignment = new ConsumerProtocolAssignment { AssignedPartitions = [new() { Topic = "t", Partitions = [.. assigned] }] };
        var synced = await broker.SendAsync(
            new SyncGroupRequest
            {
                GroupId = Group,
                MemberId = joined.MemberId,
                GenerationId = joined.GenerationId,
                Assignments = assigned.Length == 0
                    ? []
                    : [new() { MemberId = joined.MemberId, Assignment = VersionedBytes.Write(assignment, 1) }],
            },
            3).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(ErrorCode.None, synced.ErrorCode);
        return VersionedBytes.Read<ConsumerProtocolAssignment>(synced.Assignment).AssignedPartitions.SelectMany(t => t.Partitions).ToList();
    }

    private static async Task<ErrorCode> BeatAsync(TestBroker broker, string memberId, int generation) =>
        (await broker.SendAsync(new HeartbeatRequest { GroupId = Group, MemberId = memberId, GenerationId = generation })).ErrorCode;
}
