using StreamFlow.Broker;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Security;
using StreamFlow.Client.Tests.Integration;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Security;

/// <summary>What ACLs let a client do, through the whole broker: alice is subject to them, admin is a super user.</summary>
public sealed class AuthorizationTests : IAsyncLifetime
{
    private BrokerServer? _broker;
    private ICluster? _admin;
    private ICluster? _alice;

    private ICluster Alice => _alice!;

    private ISecurityAdmin Security => _admin!.Admin.Security;

    public async Task InitializeAsync()
    {
        _broker = await BrokerServer.StartAsync(BrokerOptions.FromProperties(
            new Dictionary<string, string>
            {
                ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0",
                ["sasl.enabled.mechanisms"] = "PLAIN",
                ["sasl.jaas.config"] = "PlainLoginModule required user_admin=\"secret\" user_alice=\"secret\";",
                ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                ["super.users"] = "User:admin",
                ["group.initial.rebalance.delay.ms"] = "0",
            },
            new BrokerOptions { DataDirectory = BrokerOptions.Memory }));
        _admin = Open("admin");
        _alice = Open("alice");
        await _admin.Admin.CreateTopicsAsync([new NewTopic("seen", 1, 1), new NewTopic("hidden", 1, 1)]);
    }

    public async Task DisposeAsync()
    {
        await _alice!.DisposeAsync();
        await _admin!.DisposeAsync();
        await _broker!.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_allowed_without_an_acl()
    {
        Assert.Empty(await Alice.Admin.ListTopicsAsync());
        Assert.Empty(await Alice.Admin.ListGroupsAsync());
        await RefusedAsync(ErrorCode.TopicAuthorizationFailed, () => ProduceAsync("seen"));
        await RefusedAsync(ErrorCode.TopicAuthorizationFailed, () => ProduceAsync("missing"));
        await RefusedAsync(ErrorCode.TopicAuthorizationFailed, () => Alice.Admin.CreateTopicsAsync([new NewTopic("new", 1, 1)]));
        await RefusedAsync(ErrorCode.UnknownTopicOrPartition, () => Alice.Admin.DeleteTopicsAsync(["seen"]));
        await RefusedAsync(ErrorCode.GroupAuthorizationFailed, () => Alice.Admin.ListGroupOffsetsAsync("g"));
        await RefusedAsync(ErrorCode.ClusterAuthorizationFailed, () => Alice.Admin.Security.ListAclsAsync(new()));
        await RefusedAsync(ErrorCode.ClusterAuthorizationFailed, () => Alice.Admin.Security.CreateAclsAsync([Acl(AclOperation.All, "seen")]));
        await RefusedAsync(ErrorCode.ClusterAuthorizationFailed, () => Alice.Admin.Security.ListScramUsersAsync());
        await RefusedAsync(
            ErrorCode.ClusterAuthorizationFailed, () => Alice.Admin.DescribeConfigsAsync([new(ConfigResourceType.Broker, "1")]));
        await RefusedAsync(
            ErrorCode.TopicAuthorizationFailed, () => Alice.Admin.DescribeConfigsAsync([new(ConfigResourceType.Topic, "seen")]));
    }

    [Fact]
    public async Task Writing_needs_write_and_shows_the_topic()
    {
        await Security.CreateAclsAsync([Acl(AclOperation.Write, "seen")]);

        await ProduceAsync("seen");

        Assert.Equal(["seen"], await Alice.Admin.ListTopicsAsync());
        await RefusedAsync(ErrorCode.TopicAuthorizationFailed, () => ReadAsync("seen"));
        await RefusedAsync(ErrorCode.TopicAuthorizationFailed, () => Alice.Admin.DeleteTopicsAsync(["seen"]));
    }

    [Fact]
    public async Task Reading_in_a_group_needs_read_of_both()
    {
        await Security.CreateAclsAsync([Acl(AclOperation.Write, "seen"), Acl(AclOperation.Read, "seen")]);
        await ProduceAsync("seen");
        await ReadAsync("seen");

        await RefusedAsync(ErrorCode.GroupAuthorizationFailed, () => ReadAsync("seen", "team-1"));
        await Security.CreateAclsAsync(
            [new(AclResourceType.Group, "team-", AclPatternType.Prefixed, "User:alice", "*", AclOperation.Read, AclPermission.Allow)]);
        await ReadAsync("seen", "team-1");
    }

    [Fact]
    public async Task Denial_goes_before_leave_and_ends_when_deleted()
    {
        var denial = Acl(AclOperation.Write, "seen") with { Permission = AclPermission.Deny, Principal = AclBinding.Everybody };
        await Security.CreateAclsAsync([Acl(AclOperation.All, "*"), denial]);
        await RefusedAsync(ErrorCode.TopicAuthorizationFailed, () => ProduceAsync("seen"));
        await ProduceAsync("hidden");

        Assert.Equal([denial], await Security.DeleteAclsAsync(new AclFilter(Permission: AclPermission.Deny)));

        await ProduceAsync("seen");
    }

    [Fact]
    public async Task Acls_are_listed_once_and_by_filter()
    {
        var acl = Acl(AclOperation.Read, "seen");
        await Security.CreateAclsAsync([acl, acl, acl with { PatternType = AclPatternType.Prefixed, ResourceName = "se" }]);
        await Security.CreateAclsAsync([acl, acl with { ResourceName = "*" }]);

        Assert.Equal(3, (await Security.ListAclsAsync(new())).Count);
        Assert.Equal([acl], await Security.ListAclsAsync(new(ResourceName: "seen")));
        Assert.Equal(3, (await Security.ListAclsAsync(new(ResourceName: "seen", PatternType: AclPatternType.Match))).Count);
        Assert.Empty(await Security.ListAclsAsync(new(Principal: "User:bob")));
        await RefusedAsync(ErrorCode.InvalidRequest, () => Security.CreateAclsAsync([acl with { ResourceName = "" }]));
        await RefusedAsync(ErrorCode.InvalidRequest, () => Security.CreateAclsAsync([acl with { Principal = "alice" }]));
    }

    [Fact]
    public async Task Transaction_needs_its_id_and_the_topic()
    {
        await Security.CreateAclsAsync([Acl(AclOperation.Write, "seen")]);
        await RefusedAsync(ErrorCode.TransactionalIdAuthorizationFailed, () => TransactAsync("seen"));

        await Security.CreateAclsAsync(
            [new(AclResourceType.TransactionalId, "tx", AclPatternType.Literal, "User:alice", "*", AclOperation.Write, AclPermission.Allow)]);

        await TransactAsync("seen");
        await Assert.ThrowsAnyAsync<StreamFlowException>(() => TransactAsync("hidden"));
    }

    private static AclBinding Acl(AclOperation operation, string topic) =>
        new(AclResourceType.Topic, topic, AclPatternType.Literal, "User:alice", "*", operation, AclPermission.Allow);

    private static async Task RefusedAsync(ErrorCode error, Func<Task> call) =>
        Assert.Equal(error, (await Assert.ThrowsAnyAsync<BrokerException>(call)).ErrorCode);

    private async Task ProduceAsync(string topic)
    {
        await using var producer = Alice.CreateProducer(new());
        await producer.SendAsync(Clusters.Record(topic, "k", "v"));
    }

    private async Task ReadAsync(string topic, string? group = null)
    {
        await using var consumer = Alice.CreateConsumer(new() { GroupId = group, AutoOffsetReset = AutoOffsetReset.Earliest });
        if (group is null)
        {
            consumer.Assign([new TopicPartition(topic, 0)]);
        }
        else
        {
            consumer.Subscribe([topic]);
        }

        await Clusters.ReadAsync(consumer, 1);
    }

    private async Task TransactAsync(string topic)
    {
        await using var producer = Alice.CreateProducer(new() { TransactionalId = "tx" });
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.SendAsync(Clusters.Record(topic, "k", "v"));
        await producer.CommitTransactionAsync();
    }

    private ICluster Open(string user) => RemoteCluster.Open($"{_broker!.EndPoints[0]}", new ClusterOptions
    {
        Security = new ConnectionSecurity
        {
            Protocol = SecurityProtocol.SaslPlaintext, Mechanism = "PLAIN", Username = user, Password = "secret",
        },
        ApiTimeout = TimeSpan.FromSeconds(10),
    });
}
