using StreamFlow.Broker;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>Groups of clients that this library has no members of are described as well.</summary>
public sealed class AssignedGroupTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private ITransport? _transport;
    private BrokerServer? _broker;
    private ICluster? _cluster;
    private IBrokerConnection? _connection;

    public async Task InitializeAsync()
    {
        _broker = await BrokerServer.StartAsync(new BrokerOptions
        {
            DataDirectory = BrokerOptions.Memory,
            Listeners = ["127.0.0.1:0"],
            GroupStreamsInitialRebalanceDelayMs = 0,
            GroupStreamsAssignmentIntervalMs = 0,
            GroupShareAssignmentIntervalMs = 0,
        });
        _cluster = RemoteCluster.Open($"{_broker.EndPoints[0]}");
        var transport = new TcpTransport("test", Timeout, TimeProvider.System);
        _transport = transport;
        _connection = await transport.ConnectAsync("127.0.0.1", _broker.EndPoints[0].Port, default);
        await _cluster.Admin.CreateTopicsAsync([new NewTopic("in", 2, 1), new NewTopic("short", 1, 1)]);
    }

    public async Task DisposeAsync()
    {
        await _connection!.DisposeAsync();
        await _transport!.DisposeAsync();
        await _cluster!.DisposeAsync();
        await _broker!.DisposeAsync();
    }

    [Fact]
    public async Task Members_of_a_streams_group_read_the_partitions_of_their_tasks()
    {
        var answer = await SendAsync(
            new StreamsGroupHeartbeatRequest
            {
                GroupId = "app", MemberId = "a", RebalanceTimeoutMs = 10_000, ProcessId = "p",
                Topology = new() { Subtopologies = [new() { SubtopologyId = "0", SourceTopics = ["in", "short"] }] },
                ActiveTasks = [], StandbyTasks = [], WarmupTasks = [],
            },
            0);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);

        var group = (await _cluster!.Admin.DescribeGroupsAsync(["app"]))["app"];

        Assert.Equal(("streams", "Stable"), (group.ProtocolType, group.State));
        Assert.Equal(
            [new TopicPartition("in", 0), new TopicPartition("in", 1), new TopicPartition("short", 0)],
            Assert.Single(group.Members).Partitions.Order());
    }

    [Fact]
    public async Task Members_of_a_share_group_may_have_the_same_partition()
    {
        foreach (var member in (string[])["a", "b", "a"])
        {
            await SendAsync(new ShareGroupHeartbeatRequest { GroupId = "g", MemberId = member, SubscribedTopicNames = ["short"] }, 1);
        }

        var group = (await _cluster!.Admin.DescribeGroupsAsync(["g"]))["g"];

        Assert.Equal(("share", "Stable"), (group.ProtocolType, group.State));
        Assert.Equal(["a", "b"], group.Members.Select(m => m.MemberId));
        Assert.All(group.Members, m => Assert.Equal([new TopicPartition("short", 0)], m.Partitions));
    }

    [Fact]
    public async Task Share_group_is_where_its_members_have_begun()
    {
        await using var producer = _cluster!.CreateProducer(new());
        foreach (var value in (string[])["0", "1", "2"])
        {
            await producer.SendAsync(Clusters.Record("in", "key", value, partition: 0));
        }

        await SendAsync(new ShareGroupHeartbeatRequest { GroupId = "g", MemberId = "a", SubscribedTopicNames = ["in"] }, 1);
        var begun = await SendAsync(
            new AlterShareGroupOffsetsRequest { GroupId = "h", Topics = [new() { TopicName = "in", Partitions = [new() { StartOffset = 1 }] }] }, 0);
        Assert.Equal(ErrorCode.None, begun.ErrorCode);

        var waiting = await _cluster.Admin.ListShareGroupOffsetsAsync("g");
        var moved = await _cluster.Admin.ListShareGroupOffsetsAsync("h");

        Assert.All(waiting.Values, o => Assert.Equal(new ShareGroupOffset(null, null), o));
        Assert.Equal(new ShareGroupOffset(1, 2), moved[new TopicPartition("in", 0)]);
        var none = await Assert.ThrowsAsync<BrokerException>(() => _cluster.Admin.ListShareGroupOffsetsAsync("none"));
        Assert.Equal(ErrorCode.GroupIdNotFound, none.ErrorCode);
    }

    [Fact]
    public async Task Group_that_does_not_exist_is_dead() =>
        Assert.Equal("Dead", (await _cluster!.Admin.DescribeGroupsAsync(["none"]))["none"].State);

    private async Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : class, IResponse, IVersioned<TResponse>, new() =>
        (await _connection!.SendAsync(request, version, Timeout, default)).Message;
}
