using StreamFlow.Broker.Tests.Sharing;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Broker.Tests.Sharing.ShareGroupBroker;

namespace StreamFlow.Broker.Tests.Groups.Share;

public sealed class ShareGroupTests
{
    [Fact]
    public async Task Members_share_the_partitions_and_those_of_who_leaves_go_to_the_others()
    {
        var group = await StartAsync(partitions: 2);
        await using var broker = group.Broker;

        Assert.Equal("2: 0 1", Text(await group.JoinAsync("a")));
        Assert.Equal("3: 1", Text(await group.JoinAsync("b")));
        Assert.Equal("3: 0", Text(await group.BeatAsync("a", 2)));
        Assert.Equal("4: 0", Text(await group.JoinAsync("c")));
        Assert.Equal("Stable 4/4 a@3[0] b@3[1] c@4[0]", await StateAsync(broker));

        Assert.Equal("-1: -", Text(await group.BeatAsync("c", -1)));
        Assert.Equal("5: -", Text(await group.BeatAsync("b", 3)));
        Assert.Equal("-1: -", Text(await group.BeatAsync("b", -1)));
        Assert.Equal("6: 0 1", Text(await group.BeatAsync("a", 3)));
        Assert.Equal("-1: -", Text(await group.BeatAsync("a", -1)));
        Assert.Equal("Empty 7/6", await StateAsync(broker));
    }

    [Fact]
    public async Task Members_that_start_together_wait_a_little_and_share_the_partitions()
    {
        var group = await StartAsync(o => o with { GroupShareAssignmentIntervalMs = 200 }, partitions: 2);
        await using var broker = group.Broker;

        var first = await group.JoinAsync("a");
        Assert.Equal(("1: ", 200), (Text(first), first.HeartbeatIntervalMs));
        Assert.Equal("1: ", Text(await group.JoinAsync("b")));

        ShareGroupHeartbeatResponse assigned;
        do
        {
            assigned = await group.BeatAsync("a", 1);
        }
        while (assigned.MemberEpoch == 1);
        Assert.Equal(("3: 0", 5000), (Text(assigned), assigned.HeartbeatIntervalMs));
        Assert.Equal("3: 1", Text(await group.BeatAsync("b", 1)));
    }

    [Fact]
    public async Task New_partitions_and_topics_are_taken_over()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        Assert.Equal("2: 0", Text(await group.BeatAsync("a", 0, "in", "later")));
        await broker.SendAsync(new CreatePartitionsRequest
        {
            Topics = [new() { Name = "in", Count = 2, Assignments = null }], TimeoutMs = 1000,
        });
        Assert.Equal("3: 0 1", Text(await group.BeatAsync("a", 2)));
        await broker.CreateTopicAsync("later");
        Assert.Equal(3, (await group.BeatAsync("a", 3)).Assignment!.TopicPartitions.Sum(t => t.Partitions.Count));
        await broker.SendAsync(new DeleteTopicsRequest { Topics = [new() { Name = "later" }] });
        Assert.Equal("5: 0 1", Text(await group.BeatAsync("a", 4)));
    }

    [Fact]
    public async Task Member_has_to_name_its_epoch_and_a_topic_when_it_joins()
    {
        var group = await StartAsync(o => o with { GroupShareMaxSize = 2 });
        await using var broker = group.Broker;

        Assert.Equal("InvalidRequest", Text(await group.BeatAsync("a", 0)));
        Assert.Equal("InvalidRequest", Text(await group.BeatAsync("", 0, "in")));
        Assert.Equal("InvalidRequest", Text(await group.BeatAsync("a", -2, "in")));
        Assert.Equal("GroupIdNotFound", Text(await group.BeatAsync("a", 4)));
        Assert.Equal("2: 0", Text(await group.JoinAsync("a")));
        Assert.Equal("UnknownMemberId", Text(await group.BeatAsync("b", 2)));
        Assert.Equal("FencedMemberEpoch", Text(await group.BeatAsync("a", 3)));
        Assert.Equal("FencedMemberEpoch", Text(await group.BeatAsync("a", 1)));
        Assert.Equal("2: 0", Text(await group.BeatAsync("a", 0, "in")));
        await group.JoinAsync("b");
        Assert.Equal("GroupMaxSizeReached", Text(await group.JoinAsync("c")));
    }

    [Fact]
    public async Task Names_of_groups_are_shared_by_all_kinds()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");

        var consumer = await broker.SendAsync(new ConsumerGroupHeartbeatRequest
        {
            GroupId = Group, MemberId = "x", RebalanceTimeoutMs = 1000, SubscribedTopicNames = ["in"], TopicPartitions = [],
        });
        Assert.Equal(ErrorCode.GroupIdNotFound, consumer.ErrorCode);
        var classic = await broker.SendAsync(new JoinGroupRequest
        {
            GroupId = Group, SessionTimeoutMs = 10_000, ProtocolType = "consumer", Protocols = [new() { Name = "range", Metadata = [] }],
        }, 3);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, classic.ErrorCode);
        var listed = await broker.SendAsync(new ListGroupsRequest { TypesFilter = ["share"], StatesFilter = ["stable"] });
        Assert.Equal("g share Stable share", string.Join(
            ' ', listed.Groups.Select(g => $"{g.GroupId} {g.ProtocolType} {g.GroupState} {g.GroupType}")));
        Assert.Empty((await broker.SendAsync(new ListGroupsRequest { TypesFilter = ["consumer"] })).Groups);
    }

    [Fact]
    public async Task Offsets_are_reset_forgotten_and_deleted_with_a_group_without_members()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");
        await group.ProduceAsync("0", "1", "2", "3");
        await group.FetchAsync("a");
        await group.AcknowledgeAsync("a", "accept 0-3");
        Assert.Equal("NonEmptyGroup", await AlterAsync(broker, 1));
        Assert.Equal(ErrorCode.NonEmptyGroup, await DeleteGroupAsync(broker));
        await group.AcknowledgeAsync("a", "", epoch: -1);
        await group.BeatAsync("a", -1);

        Assert.Equal("", await AlterAsync(broker, 1));
        Assert.Equal("UnknownTopicOrPartition", await AlterAsync(broker, 1, partition: 9));
        Assert.Equal("1 lag 3", await group.OffsetsAsync());
        await group.JoinAsync("b");
        Assert.Equal("1-3#1", await group.FetchAsync("b"));
        await group.AcknowledgeAsync("b", "", epoch: -1);
        await group.BeatAsync("b", -1);

        Assert.Equal("", await DeleteOffsetsAsync(broker, "in"));
        Assert.Equal("", await group.OffsetsAsync());
        Assert.Equal("UnknownTopicOrPartition", await DeleteOffsetsAsync(broker, "in"));
        await group.JoinAsync("c");
        Assert.Equal("0-3#1", await group.FetchAsync("c"));
        await group.AcknowledgeAsync("c", "accept 0-3", epoch: -1);
        await group.BeatAsync("c", -1);

        Assert.Equal(ErrorCode.None, await DeleteGroupAsync(broker));
        Assert.Equal("GroupIdNotFound", await group.OffsetsAsync());
        Assert.Equal("", await AlterAsync(broker, 2));
        Assert.Equal("Empty 1/0", await StateAsync(broker));
    }

    [Fact]
    public async Task Coordinator_of_a_share_partition_is_found_and_answers_other_brokers()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        var key = new StreamFlow.Broker.Sharing.SharePartitionKey(Group, group.TopicId, 0);
        var found = await broker.SendAsync(new FindCoordinatorRequest { KeyType = 2, CoordinatorKeys = [$"{key}", "nonsense"] });
        Assert.Equal([ErrorCode.None, ErrorCode.InvalidRequest], found.Coordinators.Select(c => c.ErrorCode));

        Assert.Equal(ErrorCode.InvalidRequest, await WriteStateAsync(group, 3, 0));
        var begun = await broker.SendAsync(new InitializeShareGroupStateRequest
        {
            GroupId = Group,
            Topics = [new() { TopicId = group.TopicId, Partitions = [new() { StateEpoch = 3, StartOffset = 5 }] }],
        });
        Assert.Equal(ErrorCode.None, begun.Results[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.FencedStateEpoch, await WriteStateAsync(group, 2, 0));
        Assert.Equal(ErrorCode.None, await WriteStateAsync(group, 3, 4));
        Assert.Equal(ErrorCode.FencedLeaderEpoch, await WriteStateAsync(group, 3, 3));

        var read = (await broker.SendAsync(new ReadShareGroupStateRequest
        {
            GroupId = Group,
            Topics = [new() { TopicId = group.TopicId, Partitions = [new() { LeaderEpoch = 4 }] }],
        })).Results[0].Partitions[0];
        Assert.Equal((3, 6), (read.StateEpoch, read.StartOffset));
        Assert.Equal("6-7 2 1", string.Join(
            ',', read.StateBatches.Select(b => $"{b.FirstOffset}-{b.LastOffset} {b.DeliveryState} {b.DeliveryCount}")));
        var summary = (await broker.SendAsync(new ReadShareGroupStateSummaryRequest
        {
            GroupId = Group,
            Topics = [new() { TopicId = group.TopicId, Partitions = [new() { LeaderEpoch = 4 }] }],
        })).Results[0].Partitions[0];
        Assert.Equal((3, 4, 6, 2), (summary.StateEpoch, summary.LeaderEpoch, summary.StartOffset, summary.DeliveryCompleteCount));
        var deleted = await broker.SendAsync(new DeleteShareGroupStateRequest
        {
            GroupId = Group,
            Topics = [new() { TopicId = group.TopicId, Partitions = [new() { Partition = 0 }] }],
        });
        Assert.Equal(ErrorCode.None, deleted.Results[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, await WriteStateAsync(group, 3, 4));
    }

    [Fact]
    public async Task Group_comes_back_after_a_restart_with_its_members_topics_and_assignment()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"share-{Guid.NewGuid():N}");
        try
        {
            static BrokerOptions Listening(BrokerOptions o) => o with { Listeners = ["127.0.0.1:0"] };
            var group = await StartAsync(Listening, partitions: 2, directory: directory);
            await group.JoinAsync("a");
            await group.JoinAsync("b");
            await group.BeatAsync("a", 2);
            var before = await StateAsync(group.Broker);

            group = await RestartAsync(group, directory, Listening);
            Assert.Equal(before, await StateAsync(group.Broker));
            Assert.Equal("3: -", Text(await group.BeatAsync("b", 3)));
            Assert.Equal("-1 lag -1, -1 lag -1", await group.OffsetsAsync());
            await group.Broker.DisposeAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<ErrorCode> WriteStateAsync(ShareGroupBroker group, int stateEpoch, int leaderEpoch)
    {
        var response = await group.Broker.SendAsync(new WriteShareGroupStateRequest
        {
            GroupId = Group,
            Topics =
            [
                new()
                {
                    TopicId = group.TopicId,
                    Partitions =
                    [
                        new()
                        {
                            StateEpoch = stateEpoch, LeaderEpoch = leaderEpoch, StartOffset = 6, DeliveryCompleteCount = 2,
                            StateBatches = [new() { FirstOffset = 4, LastOffset = 7, DeliveryState = 2, DeliveryCount = 1 }],
                        },
                    ],
                },
            ],
        });
        var partition = response.Results[0].Partitions[0];
        Assert.Equal(partition.ErrorCode == ErrorCode.None, partition.ErrorMessage is null);
        return partition.ErrorCode;
    }

    private static async Task<string> AlterAsync(TestBroker broker, long start, int partition = 0)
    {
        var response = await broker.SendAsync(new AlterShareGroupOffsetsRequest
        {
            GroupId = Group,
            Topics = [new() { TopicName = "in", Partitions = [new() { PartitionIndex = partition, StartOffset = start }] }],
        });
        var error = response.ErrorCode != ErrorCode.None ? response.ErrorCode : response.Responses[0].Partitions[0].ErrorCode;
        return error == ErrorCode.None ? "" : $"{error}";
    }

    private static async Task<string> DeleteOffsetsAsync(TestBroker broker, string topic)
    {
        var response = await broker.SendAsync(new DeleteShareGroupOffsetsRequest
        {
            GroupId = Group, Topics = [new() { TopicName = topic }],
        });
        var error = response.ErrorCode != ErrorCode.None ? response.ErrorCode : response.Responses[0].ErrorCode;
        return error == ErrorCode.None ? "" : $"{error}";
    }

    private static async Task<ErrorCode> DeleteGroupAsync(TestBroker broker) =>
        (await broker.SendAsync(new DeleteGroupsRequest { GroupsNames = [Group] })).Results[0].ErrorCode;

    /// <summary>The group's state and, of each member, epoch and partitions.</summary>
    private static async Task<string> StateAsync(TestBroker broker)
    {
        var group = (await broker.SendAsync(new ShareGroupDescribeRequest { GroupIds = [Group] })).Groups[0];
        var members = group.Members.Select(m =>
            $" {m.MemberId}@{m.MemberEpoch}[{string.Join(' ', m.Assignment.TopicPartitions.SelectMany(t => t.Partitions))}]");
        return $"{group.GroupState} {group.GroupEpoch}/{group.AssignmentEpoch}{string.Concat(members)}";
    }
}
