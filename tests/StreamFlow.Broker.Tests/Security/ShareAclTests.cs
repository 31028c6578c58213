using System.Net.Sockets;
using StreamFlow.Broker.Tests.Sharing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Security;

/// <summary>
/// What ACLs let a client do with share groups, as Kafka 4.3 has it: each call is refused without its permission and taken with it. The
/// client connects without authentication, so it is <c>User:ANONYMOUS</c>; group <c>g</c> reads topics <c>in</c> and <c>other</c>.
/// </summary>
public sealed class ShareAclTests : IAsyncLifetime
{
    private const string Group = ShareGroupBroker.Group;

    private ShareGroupBroker? _group;
    private TcpClient? _client;
    private Guid _other;

    private TestBroker Broker => _group!.Broker;

    private Guid In => _group!.TopicId;

    public async Task InitializeAsync()
    {
        _group = await ShareGroupBroker.StartAsync(o => BrokerOptions.FromProperties(
            new Dictionary<string, string>
            {
                ["listeners"] = "PLAINTEXT://127.0.0.1:0",
                ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            },
            o));
        _other = await Broker.CreateTopicAsync("other");
        _client = await RawClient.ConnectAsync(Broker);
    }

    public async Task DisposeAsync()
    {
        _client!.Dispose();
        await Broker.DisposeAsync();
    }

    [Fact]
    public async Task Heartbeat_needs_to_read_the_group_and_to_know_its_topics()
    {
        Assert.Equal(ErrorCode.GroupAuthorizationFailed, await BeatAsync());
        await AllowAsync(AclResourceType.Group, Group, AclOperation.Read);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, await BeatAsync());
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Describe);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, await BeatAsync());
        await AllowAsync(AclResourceType.Topic, "other", AclOperation.Describe);
        Assert.Equal(ErrorCode.None, await BeatAsync());

        async Task<ErrorCode> BeatAsync() => (await AskAsync(new ShareGroupHeartbeatRequest
        {
            GroupId = Group, MemberId = "a", SubscribedTopicNames = ["in", "other"],
        })).ErrorCode;
    }

    [Fact]
    public async Task Fetch_needs_to_read_the_group_and_each_topic()
    {
        await _group!.JoinAsync("a");
        await _group.ProduceAsync("0");

        Assert.Equal("GroupAuthorizationFailed", await FetchAsync(0));
        await AllowAsync(AclResourceType.Group, Group, AclOperation.Read);
        Assert.Equal("TopicAuthorizationFailed", await FetchAsync(0));
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Describe);
        Assert.Equal("TopicAuthorizationFailed", await FetchAsync(1));
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Read);
        Assert.Equal("0-0#1", await FetchAsync(2));
    }

    [Fact]
    public async Task Acknowledgement_needs_to_read_the_group_and_each_topic()
    {
        await _group!.JoinAsync("a");
        await _group.ProduceAsync("0", "1");
        var group = await AllowAsync(AclResourceType.Group, Group, AclOperation.Read);
        var topic = await AllowAsync(AclResourceType.Topic, "in", AclOperation.Read);
        Assert.Equal("0-1#1", await FetchAsync(0));

        await ForbidAsync(topic);
        Assert.Equal((ErrorCode.None, ErrorCode.TopicAuthorizationFailed), await AcknowledgeAsync(1));
        await ForbidAsync(group);
        Assert.Equal((ErrorCode.GroupAuthorizationFailed, null), await AcknowledgeAsync(2));
        Assert.Equal("0 lag 2", await _group.OffsetsAsync());
        await AllowAsync(AclResourceType.Group, Group, AclOperation.Read);
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Read);
        Assert.Equal((ErrorCode.None, ErrorCode.None), await AcknowledgeAsync(2));
        Assert.Equal("1 lag 1", await _group.OffsetsAsync());

        async Task<(ErrorCode, ErrorCode?)> AcknowledgeAsync(int epoch)
        {
            var response = await AskAsync(new ShareAcknowledgeRequest
            {
                GroupId = Group,
                MemberId = "a",
                ShareSessionEpoch = epoch,
                Topics =
                [
                    new()
                    {
                        TopicId = In,
                        Partitions = [new() { AcknowledgementBatches = [new() { FirstOffset = 0, LastOffset = 0, AcknowledgeTypes = [1] }] }],
                    },
                ],
            });
            return (response.ErrorCode, response.Responses is [{ Partitions: [var only] }] ? only.ErrorCode : null);
        }
    }

    [Fact]
    public async Task Description_needs_to_describe_the_group_and_all_topics_of_its_members()
    {
        await _group!.BeatAsync("a", 0, "in", "other");

        Assert.Equal((ErrorCode.GroupAuthorizationFailed, 0), await DescribeAsync());
        await AllowAsync(AclResourceType.Group, Group, AclOperation.Describe);
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Describe);
        Assert.Equal((ErrorCode.TopicAuthorizationFailed, 0), await DescribeAsync());
        await AllowAsync(AclResourceType.Topic, "other", AclOperation.Describe);
        Assert.Equal((ErrorCode.None, 1), await DescribeAsync());

        async Task<(ErrorCode, int)> DescribeAsync()
        {
            var group = (await AskAsync(new ShareGroupDescribeRequest { GroupIds = [Group] })).Groups.Single();
            return (group.ErrorCode, group.Members.Count);
        }
    }

    [Fact]
    public async Task Offsets_are_shown_of_topics_that_the_client_may_know()
    {
        await _group!.BeatAsync("a", 0, "in", "other");
        await _group.FetchAsync("a");

        Assert.Equal("GroupAuthorizationFailed", await OffsetsAsync("in"));
        await AllowAsync(AclResourceType.Group, Group, AclOperation.Describe);
        Assert.Equal("in TopicAuthorizationFailed -1", await OffsetsAsync("in"));
        Assert.Equal("", await OffsetsAsync());
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Describe);
        Assert.Equal("in None 0", await OffsetsAsync("in"));
        Assert.Equal("in None 0", await OffsetsAsync());
        Assert.Equal("in None 0, other TopicAuthorizationFailed -1", await OffsetsAsync("in", "other"));

        async Task<string> OffsetsAsync(params string[] topics)
        {
            var response = await AskAsync(new DescribeShareGroupOffsetsRequest
            {
                Groups =
                [
                    new()
                    {
                        GroupId = Group,
                        Topics = topics.Length == 0 ? null : [.. topics.Select(
                            t => new DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic { TopicName = t, Partitions = [0] })],
                    },
                ],
            });
            var group = response.Groups.Single();
            Assert.All(group.Topics.SelectMany(t => t.Partitions), p => AssertSaid(p.ErrorCode, p.ErrorMessage));
            return group.ErrorCode != ErrorCode.None ? $"{group.ErrorCode}" : string.Join(", ", group.Topics.OrderBy(t => t.TopicName)
                .SelectMany(t => t.Partitions.Select(p => $"{t.TopicName} {p.ErrorCode} {p.StartOffset}")));
        }
    }

    [Fact]
    public async Task Setting_offsets_needs_to_read_the_group_and_each_topic()
    {
        Assert.Equal("GroupAuthorizationFailed", await AlterAsync());
        await AllowAsync(AclResourceType.Group, Group, AclOperation.Read);
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Describe);
        Assert.Equal("in TopicAuthorizationFailed, other TopicAuthorizationFailed", await AlterAsync());
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Read);
        Assert.Equal("in None, other TopicAuthorizationFailed", await AlterAsync());
        Assert.Equal("7 lag 0", await _group!.OffsetsAsync());

        async Task<string> AlterAsync()
        {
            var response = await AskAsync(new AlterShareGroupOffsetsRequest
            {
                GroupId = Group,
                Topics =
                [
                    new() { TopicName = "in", Partitions = [new() { StartOffset = 7 }] },
                    new() { TopicName = "other", Partitions = [new() { StartOffset = 7 }] },
                ],
            });
            AssertSaid(response.ErrorCode, response.ErrorMessage);
            Assert.All(response.Responses.SelectMany(t => t.Partitions), p => AssertSaid(p.ErrorCode, p.ErrorMessage));
            return response.ErrorCode != ErrorCode.None ? $"{response.ErrorCode}" : string.Join(
                ", ", response.Responses.OrderBy(t => t.TopicName).Select(t => $"{t.TopicName} {t.Partitions.Single().ErrorCode}"));
        }
    }

    [Fact]
    public async Task Deleting_offsets_needs_to_delete_the_group_and_to_read_each_topic()
    {
        await _group!.BeatAsync("a", 0, "in", "other");
        await _group.FetchAsync("a");
        await _group.BeatAsync("a", -1);

        Assert.Equal("GroupAuthorizationFailed", await DeleteAsync());
        await AllowAsync(AclResourceType.Group, Group, AclOperation.Read);
        Assert.Equal("GroupAuthorizationFailed", await DeleteAsync());
        await AllowAsync(AclResourceType.Group, Group, AclOperation.Delete);
        await AllowAsync(AclResourceType.Topic, "in", AclOperation.Read);
        Assert.Equal("in None, other TopicAuthorizationFailed", await DeleteAsync());

        async Task<string> DeleteAsync()
        {
            var response = await AskAsync(new DeleteShareGroupOffsetsRequest
            {
                GroupId = Group, Topics = [new() { TopicName = "in" }, new() { TopicName = "other" }],
            });
            AssertSaid(response.ErrorCode, response.ErrorMessage);
            Assert.All(response.Responses, t => AssertSaid(t.ErrorCode, t.ErrorMessage));
            return response.ErrorCode != ErrorCode.None ? $"{response.ErrorCode}" : string.Join(
                ", ", response.Responses.OrderBy(t => t.TopicName).Select(t => $"{t.TopicName} {t.ErrorCode}"));
        }
    }

    [Fact]
    public async Task States_are_for_brokers_only()
    {
        (ErrorCode, string?) refused = (ErrorCode.ClusterAuthorizationFailed, ErrorCodes.Describe(ErrorCode.ClusterAuthorizationFailed));
        Assert.All(await EachAsync(), e => Assert.Equal(refused, e));
        await AllowAsync(AclResourceType.Cluster, "kafka-cluster", AclOperation.Describe);
        Assert.All(await EachAsync(), e => Assert.Equal(refused, e));
        await AllowAsync(AclResourceType.Cluster, "kafka-cluster", AclOperation.ClusterAction);
        Assert.All(await EachAsync(), e => Assert.Equal((ErrorCode.None, null), e));

        async Task<(ErrorCode, string?)[]> EachAsync() =>
        [
            .. (await AskAsync(new InitializeShareGroupStateRequest
            {
                GroupId = Group, Topics = [new() { TopicId = In, Partitions = [new() { StateEpoch = 1, StartOffset = 0 }] }],
            })).Results.SelectMany(t => t.Partitions).Select(p => (p.ErrorCode, p.ErrorMessage)),
            .. (await AskAsync(new WriteShareGroupStateRequest
            {
                GroupId = Group, Topics = [new() { TopicId = In, Partitions = [new() { StateEpoch = 1, LeaderEpoch = -1, StartOffset = 1 }] }],
            })).Results.SelectMany(t => t.Partitions).Select(p => (p.ErrorCode, p.ErrorMessage)),
            .. (await AskAsync(new ReadShareGroupStateRequest
            {
                GroupId = Group, Topics = [new() { TopicId = In, Partitions = [new() { LeaderEpoch = -1 }] }],
            })).Results.SelectMany(t => t.Partitions).Select(p => (p.ErrorCode, p.ErrorMessage)),
            .. (await AskAsync(new ReadShareGroupStateSummaryRequest
            {
                GroupId = Group, Topics = [new() { TopicId = In, Partitions = [new() { LeaderEpoch = -1 }] }],
            })).Results.SelectMany(t => t.Partitions).Select(p => (p.ErrorCode, p.ErrorMessage)),
            .. (await AskAsync(new DeleteShareGroupStateRequest
            {
                GroupId = Group, Topics = [new() { TopicId = In, Partitions = [new()] }],
            })).Results.SelectMany(t => t.Partitions).Select(p => (p.ErrorCode, p.ErrorMessage)),
        ];
    }

    /// <summary>A refusal is said in words, too.</summary>
    private static void AssertSaid(ErrorCode error, string? message) => Assert.Equal(error == ErrorCode.None, message is null);

    private async Task<string> FetchAsync(int epoch) => ShareGroupBroker.Text(await AskAsync(new ShareFetchRequest
    {
        GroupId = Group,
        MemberId = "a",
        ShareSessionEpoch = epoch,
        MinBytes = 1,
        MaxBytes = 1 << 20,
        MaxRecords = 100,
        Topics = epoch > 0 ? [] : [new() { TopicId = In, Partitions = [new()] }],
    }));

    private async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request)
        where TResponse : class, IResponse
    {
        var version = Broker.Server.Apis.First(a => a.Key == request.ApiKey).HighestOffered;
        var answer = await RawClient.AskAsync(_client!, request, version);
        Assert.NotNull(answer);
        return answer;
    }

    private async Task<AclBinding> AllowAsync(AclResourceType type, string name, AclOperation operation)
    {
        var acl = new AclBinding(type, name, AclPatternType.Literal, "User:ANONYMOUS", "*", operation, AclPermission.Allow);
        var response = await Broker.SendAsync(new CreateAclsRequest
        {
            Creations =
            [
                new()
                {
                    ResourceType = (sbyte)type, ResourceName = name, ResourcePatternType = (sbyte)acl.PatternType, Principal = acl.Principal,
                    Host = acl.Host, Operation = (sbyte)operation, PermissionType = (sbyte)acl.Permission,
                },
            ],
        });
        Assert.Equal(ErrorCode.None, response.Results.Single().ErrorCode);
        return acl;
    }

    private async Task ForbidAsync(AclBinding acl)
    {
        var response = await Broker.SendAsync(new DeleteAclsRequest
        {
            Filters =
            [
                new()
                {
                    ResourceTypeFilter = (sbyte)acl.ResourceType, ResourceNameFilter = acl.ResourceName, PatternTypeFilter = (sbyte)acl.PatternType,
                    PrincipalFilter = acl.Principal, HostFilter = acl.Host, Operation = (sbyte)acl.Operation, PermissionType = (sbyte)acl.Permission,
                },
            ],
        });
        Assert.Single(response.FilterResults.Single().MatchingAcls);
    }
}
