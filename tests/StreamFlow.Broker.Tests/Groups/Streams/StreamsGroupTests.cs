using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Broker.Tests.Groups.Streams.StreamsGroupBroker;

namespace StreamFlow.Broker.Tests.Groups.Streams;

public sealed class StreamsGroupTests
{
    [Fact]
    public async Task First_member_gets_the_application_its_topics_and_then_every_task()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;

        Assert.Equal("2:  (MissingInternalTopics)", Text(await group.JoinAsync("a")));
        Assert.Equal("3: 0 1 2 3", Text(await group.BeatAsync("a", 2, [])));
        Assert.Equal("Stable 3/3 a@3[0 1 2 3]", await group.StateAsync());

        var log = await broker.SendAsync(new MetadataRequest { Topics = [new() { Name = "log" }] });
        Assert.Equal(4, log.Topics[0].Partitions.Count);
        var configs = await broker.SendAsync(new DescribeConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = "log", ConfigurationKeys = ["cleanup.policy"] }],
        });
        Assert.Equal("compact", configs.Results[0].Configs[0].Value);
    }

    [Fact]
    public async Task Tasks_move_to_a_new_member_only_after_the_old_one_gave_them_up()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);

        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("a")));
        Assert.Equal("3: ", Text(await group.JoinAsync("b")));
        Assert.Equal("Reconciling 3/3 a@2[0 1 2 3] b@3[]", await group.StateAsync());

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
    public async Task Member_that_names_a_wrong_epoch_or_an_unknown_task_is_refused()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);
        await group.JoinAsync("a");

        Assert.Equal("FencedMemberEpoch", Text(await group.BeatAsync("a", 9)));
        Assert.Equal("FencedMemberEpoch", Text(await group.BeatAsync("a", 1)));
        Assert.Equal("UnknownMemberId", Text(await group.BeatAsync("x", 2)));
        Assert.Equal("InvalidRequest", Text(await group.BeatAsync("a", 2, [4])));
        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("a")));
    }

    [Fact]
    public async Task Member_that_missed_an_answer_hears_of_its_tasks_when_it_says_what_it_has()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);
        await group.JoinAsync("a");

        Assert.Equal("2: -", Text(await group.BeatAsync("a", 2)));
        Assert.Equal("2: 0 1 2 3", Text(await group.BeatAsync("a", 2, [])));
        Assert.Equal("2: 0 1 2 3", Text(await group.BeatAsync("a", 2, [0, 1], [2])));
        Assert.Equal("2: -", Text(await group.BeatAsync("a", 2, [0, 1, 2, 3])));
    }

    [Fact]
    public async Task Application_waits_for_topics_that_are_missing_or_have_other_partitions()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 3);

        Assert.Equal("2:  (IncorrectlyPartitionedTopics)", Text(await group.JoinAsync("a")));
        Assert.Equal("NotReady 2/2 a@2[]", await group.StateAsync());
        await broker.SendAsync(new DeleteTopicsRequest { Topics = [new() { Name = "in" }, new() { Name = "log" }] });
        Assert.Equal("3: - (MissingSourceTopics)", Text(await group.BeatAsync("a", 2)));
        await broker.CreateTopicAsync("in", 1);
        await group.BeatAsync("a", 3);
        Assert.Equal("5: 0", Text(await group.BeatAsync("a", 4)));
    }

    [Fact]
    public async Task Topology_of_the_group_stays_and_an_older_one_is_told_so()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);
        await broker.CreateTopicAsync("other", 4);
        await group.JoinAsync("a", Topology(1));

        Assert.Equal("InvalidRequest", Text(await group.JoinAsync("b", Topology(2))));
        Assert.Equal("InvalidRequest", Text(await group.JoinAsync("b", Topology(1, "other"))));
        Assert.Equal("3:  (StaleTopology)", Text(await group.JoinAsync("b", Topology(0))));
    }

    [Fact]
    public async Task Copies_of_states_go_to_other_processes()
    {
        var group = await StartAsync(o => o with { GroupStreamsNumStandbyReplicas = 1 });
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);

        Assert.Equal("2: 0 1 2 3", Text(await group.JoinAsync("a")));
        await group.JoinAsync("b");
        await group.BeatAsync("a", 2);
        Assert.Equal("3: 0 1 / 2 3", Text(await group.BeatAsync("a", 2, [0, 1])));
        Assert.Equal("3: 2 3 / 0 1", Text(await group.BeatAsync("b", 3)));

        await group.BeatAsync("a", -1);
        await group.BeatAsync("b", 3);
        Assert.Equal("4: 0 1 2 3", Text(await group.BeatAsync("b", 3, [2, 3])));
    }

    [Fact]
    public async Task First_assignment_waits_for_more_members()
    {
        var group = await StartAsync(o => o with { GroupStreamsInitialRebalanceDelayMs = 60_000 });
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);

        Assert.Equal("1:  (AssignmentDelayed)", Text(await group.JoinAsync("a")));
        Assert.Equal("Assigning 2/1 a@1[]", await group.StateAsync());
    }

    [Fact]
    public async Task Group_survives_a_restart_with_its_members_and_their_tasks()
    {
        var group = await StartAsync(listen: true);
        await using var first = group.Broker;
        await first.CreateTopicAsync("log", 4);
        await group.JoinAsync("a", port: 80);
        await group.JoinAsync("b");
        await group.BeatAsync("a", 2);
        await group.BeatAsync("a", 2, [0, 1]);
        await group.BeatAsync("b", 3);
        await group.BeatAsync("b", 3);
        var before = (await group.StateAsync(), (await group.DescribeAsync()).Members[0].UserEndpoint!.Port);
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory, listen: true);
        var after = new StreamsGroupBroker(second);
        Assert.Equal(before, (await after.StateAsync(), (await after.DescribeAsync()).Members[0].UserEndpoint!.Port));
        Assert.Equal("3: -", Text(await after.BeatAsync("a", 3)));
    }

    [Fact]
    public async Task Members_learn_where_the_partitions_are_and_when_that_changes()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);

        var joined = await group.JoinAsync("a", port: 80);
        Assert.Equal(1, joined.EndpointInformationEpoch);
        var at = Assert.Single(joined.PartitionsByUserEndpoint!);
        Assert.Equal(("h", 80, "in", "0 1 2 3"), (at.UserEndpoint.Host, at.UserEndpoint.Port, at.ActivePartitions[0].Topic,
            string.Join(' ', at.ActivePartitions[0].Partitions)));
        Assert.Null((await group.BeatAsync("a", 2, endpointEpoch: 1)).PartitionsByUserEndpoint);
        Assert.NotNull((await group.BeatAsync("a", 2, endpointEpoch: 0)).PartitionsByUserEndpoint);
    }

    [Fact]
    public async Task Shutdown_that_one_member_asks_for_is_told_to_all()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);
        await group.JoinAsync("a");
        await group.JoinAsync("b");

        await group.BeatAsync("a", -1, shutdown: true);
Assert.Contains("(ShutdownApplication)", Text(await group.BeatAsync("b", 3, [])), StringComparison.Ordinal);
        await group.BeatAsync("b", -1);
        Assert.DoesNotContain("Shutdown", Text(await group.JoinAsync("c")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offsets_are_committed_by_members_at_their_epoch_or_since_they_have_the_task()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await broker.CreateTopicAsync("log", 4);
        await group.JoinAsync("a");
        await group.JoinAsync("b");
        await group.BeatAsync("a", 2);
        await group.BeatAsync("a", 2, [0, 1]);
        await group.BeatAsync("b", 3);

        Assert.Equal(ErrorCode.None, await group.CommitAsync("a", 3));
        Assert.Equal(ErrorCode.None, await group.CommitAsync("a", 2, 1));
        Assert.Equal(ErrorCode.StaleMemberEpoch, await group.CommitAsync("a", 2, 2));
        Assert.Equal(ErrorCode.StaleMemberEpoch, await group.CommitAsync("b", 2, 2));
        Assert.Equal(ErrorCode.StaleMemberEpoch, await group.CommitAsync("a", 4));
        Assert.Equal(ErrorCode.UnknownMemberId, await group.CommitAsync("x", 3));
    }

    [Fact]
    public async Task Group_is_listed_and_goes_when_it_is_deleted()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");

        var listed = await broker.SendAsync(new ListGroupsRequest { TypesFilter = ["streams"] });
        Assert.Equal(("app", "streams", "streams", "NotReady"), Single(listed));
        Assert.Equal(ErrorCode.NonEmptyGroup, await DeleteAsync());
        await group.BeatAsync("a", -1);
        Assert.Equal(ErrorCode.None, await DeleteAsync());
        Assert.Equal(ErrorCode.GroupIdNotFound, (await group.DescribeAsync()).ErrorCode);

        async Task<ErrorCode> DeleteAsync() =>
            (await broker.SendAsync(new DeleteGroupsRequest { GroupsNames = [Group] })).Results[0].ErrorCode;

        static (string, string, string, string) Single(ListGroupsResponse response)
        {
            var one = Assert.Single(response.Groups);
            return (one.GroupId, one.ProtocolType, one.GroupType, one.GroupState);
        }
    }

    [Fact]
    public async Task Members_of_other_kinds_stay_out_of_a_group_with_members()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");

        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await JoinClassicAsync()).ErrorCode);
        var consumer = new ConsumerGroupHeartbeatRequest
        {
            GroupId = Group, MemberId = "c", RebalanceTimeoutMs = 1000, SubscribedTopicNames = ["in"], TopicPartitions = [],
        };
        Assert.Equal(ErrorCode.GroupIdNotFound, (await broker.SendAsync(consumer)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, (await broker.SendAsync(new SyncGroupRequest { GroupId = Group,
            MemberId = "a" })).ErrorCode);

        await group.BeatAsync("a", -1);
        Assert.Equal(ErrorCode.MemberIdRequired, (await JoinClassicAsync()).ErrorCode);

        Task<JoinGroupResponse> JoinClassicAsync() => broker.SendAsync(new JoinGroupRequest
        {
            GroupId = Group, SessionTimeoutMs = 10_000, RebalanceTimeoutMs = 10_000, ProtocolType = "consumer",
                Protocols = [new() { Name = "range" }],
        });
    }

    [Fact]
    public async Task Request_that_Kafka_refuses_is_refused()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        var wrong = Topology();
        wrong.Subtopologies[0].StateChangelogTopics[0].Partitions = 3;
        Assert.Equal("StreamsInvalidTopology", Text(await group.JoinAsync("a", wrong)));

        wrong = Topology();
        wrong.Subtopologies[0].CopartitionGroups = [new() { SourceTopics = [1] }];
        Assert.Equal("StreamsInvalidTopology", Text(await group.JoinAsync("a", wrong)));

        wrong = Topology();
        wrong.Subtopologies[0].RepartitionSourceTopics = [new() { Name = "nobody-writes" }];
        Assert.Equal("StreamsInvalidTopology", Text(await group.JoinAsync("a", wrong)));
        Assert.Equal(ErrorCode.GroupIdNotFound, (await group.DescribeAsync()).ErrorCode);
    }
}
