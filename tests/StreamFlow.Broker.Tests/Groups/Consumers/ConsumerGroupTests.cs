using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Broker.Tests.Groups.Consumers.ConsumerGroupBroker;

namespace StreamFlow.Broker.Tests.Groups.Consumers;

public sealed class ConsumerGroupTests
{
    [Fact]
    public async Task Partitions_move_to_a_new_member_only_after_the_old_one_gave_them_up()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;

        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("a")));
        Assert.Equal("3: ", Text(await group.JoinAsync("b")));
        Assert.Equal("Reconciling 3/3 a@2[0 1 2 3] b@3[]", await group.StateAsync());

        // The old member is told, stays at its epoch until it has obeyed, and meanwhile the new one waits.
        Assert.Equal("2: 0 1", Text(await group.BeatAsync("a", 2)));
        Assert.Equal("2: -", Text(await group.BeatAsync("a", 2)));
        Assert.Equal("3: -", Text(await group.BeatAsync("b", 3)));
        Assert.Equal("3: -", Text(await group.BeatAsync("a", 2, [0, 1])));
        Assert.Equal("3: 2 3", Text(await group.BeatAsync("b", 3)));
        Assert.Equal("Stable 3/3 a@3[0 1] b@3[2 3]", await group.StateAsync());

        Assert.Equal("-1: -", Text(await group.BeatAsync("b", -1)));
        Assert.Equal("4: 0 1 2 3", Text(await group.BeatAsync("a", 3)));
    }

    [Fact]
    public async Task Member_that_names_a_wrong_epoch_is_fenced_and_may_begin_again()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");

        Assert.Equal("FencedMemberEpoch", Text(await group.BeatAsync("a", 9)));
        Assert.Equal("FencedMemberEpoch", Text(await group.BeatAsync("a", 1)));
        Assert.Equal("UnknownMemberId", Text(await group.BeatAsync("x", 2)));
        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("a")));
    }

    [Fact]
    public async Task Member_that_missed_an_answer_may_name_the_epoch_before()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");
        await group.JoinAsync("b");
        await group.BeatAsync("a", 2);
        await group.BeatAsync("a", 2, [0, 1]);

        Assert.Equal("3: -", Text(await group.BeatAsync("a", 2, [0, 1])));
        Assert.Equal("FencedMemberEpoch", Text(await group.BeatAsync("a", 2)));
        Assert.Equal("FencedMemberEpoch", Text(await group.BeatAsync("a", 2, [0, 1, 2])));
    }

    [Fact]
    public async Task Static_member_that_leaves_for_a_while_gets_back_what_it_had()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a", "i");

        Assert.Equal("UnreleasedInstanceId", Text(await group.JoinAsync("b", "i")));
        Assert.Equal("FencedInstanceId", Text(await group.BeatAsync("b", 2, instance: "i")));
        Assert.Equal("-2: -", Text(await group.BeatAsync("a", -2, instance: "i")));
        Assert.Equal("Reconciling 2/2 a@-2[0 1 2 3]", await group.StateAsync());
        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("b", "i")));
        Assert.Equal("FencedInstanceId", Text(await group.BeatAsync("a", 2, instance: "i")));
        Assert.Equal("Stable 2/2 b@2[0 1 2 3]", await group.StateAsync());
    }

    [Fact]
    public async Task Group_survives_a_restart_with_its_members_and_their_partitions()
    {
        var group = await StartAsync(listen: true);
        await using var first = group.Broker;
        await group.JoinAsync("a", assignor: "range");
        await group.JoinAsync("b");
        await group.BeatAsync("a", 2);
        Assert.Equal(ErrorCode.None, await group.CommitAsync("a", 2));
        var before = await group.StateAsync();
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory, listen: true);
        var after = group.At(second);

        Assert.Equal(before, await after.StateAsync());
        Assert.Equal("range", (await after.DescribeAsync()).AssignorName);
        Assert.Equal("3: -", Text(await after.BeatAsync("a", 2, [0, 1])));
        Assert.Equal("3: 2 3", Text(await after.BeatAsync("b", 3)));
        await after.BeatAsync("a", -1);
        await after.BeatAsync("b", -1);
        Assert.Equal(ErrorCode.None, (await second.SendAsync(new DeleteGroupsRequest { GroupsNames = [Group] })).Results[0].ErrorCode);
        Assert.Equal(ErrorCode.GroupIdNotFound, (await after.DescribeAsync()).ErrorCode);
    }

    [Fact]
    public async Task Offsets_are_committed_and_read_with_the_epoch_of_the_member()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");
        await group.JoinAsync("b");
        await group.BeatAsync("a", 2);
        await group.BeatAsync("a", 2, [0, 1]);

        Assert.Equal(ErrorCode.None, await group.CommitAsync("a", 3));
        Assert.Equal(ErrorCode.None, await group.CommitAsync("a", 2));
        Assert.Equal(ErrorCode.StaleMemberEpoch, await group.CommitAsync("a", 2, partition: 3));
        Assert.Equal(ErrorCode.StaleMemberEpoch, await group.CommitAsync("a", 1));
        Assert.Equal(ErrorCode.StaleMemberEpoch, await group.CommitAsync("a", 9));
        Assert.Equal(ErrorCode.UnknownMemberId, await group.CommitAsync("x", 3));
        Assert.Equal(ErrorCode.UnknownMemberId, await group.CommitAsync("", -1));
        Assert.Equal(ErrorCode.UnsupportedVersion, await group.CommitAsync("a", 3, version: 8));
        Assert.Equal(ErrorCode.StaleMemberEpoch, (await FetchAsync(broker, "a", 2)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, (await FetchAsync(broker, "x", 2)).ErrorCode);
        Assert.Equal(7, (await FetchAsync(broker, "a", 3)).Topics[0].Partitions[0].CommittedOffset);
        Assert.Equal(7, (await FetchAsync(broker, null, -1)).Topics[0].Partitions[0].CommittedOffset);
    }

    [Fact]
    public async Task New_topic_that_matches_an_expression_comes_with_the_next_heartbeat()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;

        Assert.Equal("InvalidRegularExpression", Text(await group.JoinAsync("a", expression: "(")));
        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("a", expression: "t.*")));
        await broker.CreateTopicAsync("tu", 2);
        await broker.CreateTopicAsync("u", 2);
        Assert.Equal(6, (await group.BeatAsync("a", 2)).Assignment!.TopicPartitions.Sum(t => t.Partitions.Count));
        await broker.SendAsync(new DeleteTopicsRequest { Topics = [new() { Name = "tu" }], TimeoutMs = 1000 });
        Assert.Equal("3: 0 1 2 3", Text(await group.BeatAsync("a", 3)));
    }

    [Fact]
    public async Task Request_that_makes_no_sense_is_refused_as_Kafka_does()
    {
        var group = await StartAsync(o => o with { GroupConsumerMaxSize = 1 });
        await using var broker = group.Broker;

        Assert.Equal("GroupIdNotFound", Text(await group.BeatAsync("a", 1)));
        Assert.Equal("InvalidRequest", Text(await group.BeatAsync("a", -2)));
        Assert.Equal("InvalidRequest", Text(await group.BeatAsync("a", -3)));
        Assert.Equal("InvalidRequest", Text(await group.BeatAsync("a", 0)));
        Assert.Equal("InvalidRequest", Text(await group.JoinAsync("")));
        Assert.Equal("UnsupportedAssignor", Text(await group.JoinAsync("a", assignor: "sticky")));
        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("a")));
        Assert.Equal("GroupMaxSizeReached", Text(await group.JoinAsync("b")));
    }

    [Fact]
    public async Task Lists_and_descriptions_tell_the_kinds_of_groups_apart()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");

        var listed = Assert.Single((await broker.SendAsync(new ListGroupsRequest { TypesFilter = ["Consumer"], StatesFilter = ["stable"] })).Groups);
        Assert.Equal(("consumer", "consumer", "Stable"), (listed.ProtocolType, listed.GroupType, listed.GroupState));
        Assert.Empty((await broker.SendAsync(new ListGroupsRequest { TypesFilter = ["classic"] })).Groups);
        var classic = (await broker.SendAsync(new DescribeGroupsRequest { Groups = [Group] })).Groups[0];
        Assert.Equal((ErrorCode.GroupIdNotFound, "Dead"), (classic.ErrorCode, classic.GroupState));
        Assert.Equal(
            ErrorCode.NonEmptyGroup, (await broker.SendAsync(new DeleteGroupsRequest { GroupsNames = [Group] })).Results[0].ErrorCode);
        var deleted = await broker.SendAsync(new OffsetDeleteRequest
        {
            GroupId = Group, Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0 }] }],
        });
        Assert.Equal(ErrorCode.GroupSubscribedToTopic, deleted.Topics[0].Partitions[0].ErrorCode);
    }

    private static async Task<OffsetFetchResponse.OffsetFetchResponseGroup> FetchAsync(TestBroker broker, string? member, int epoch) =>
        (await broker.SendAsync(
            new OffsetFetchRequest { Groups = [new() { GroupId = Group, MemberId = member, MemberEpoch = epoch, Topics = null }] }, 9)).Groups[0];
}
