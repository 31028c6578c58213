using StreamFlow.Broker.Configuration;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Handlers;

/// <summary>Settings of single groups (resource type GROUP).</summary>
public sealed class GroupConfigTests
{
    private const sbyte Group = 32;
    private const sbyte Set = 0;
    private const sbyte Delete = 1;

    [Fact]
    public async Task Group_has_the_broker_s_settings_until_it_gets_its_own()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { GroupConsumerSessionTimeoutMs = 50_000 });

        Assert.Equal(
            ("50000", "group.consumer.session.timeout.ms=50000/4,group.consumer.session.timeout.ms=45000/5"),
            await ShownAsync(broker, "g", "consumer.session.timeout.ms"));
        Assert.Equal(ErrorCode.None, await ChangeAsync(broker, "g", (Set, "consumer.session.timeout.ms", "55000")));
        Assert.Equal(
            ("55000",
                "consumer.session.timeout.ms=55000/8,group.consumer.session.timeout.ms=50000/4,group.consumer.session.timeout.ms=45000/5"),
            await ShownAsync(broker, "g", "consumer.session.timeout.ms"));
        Assert.Equal("50000", (await ShownAsync(broker, "other", "consumer.session.timeout.ms")).Value);

        Assert.Equal(ErrorCode.None, await ChangeAsync(broker, "g", (Delete, "consumer.session.timeout.ms", null)));
        Assert.Equal("50000", (await ShownAsync(broker, "g", "consumer.session.timeout.ms")).Value);
    }

    [Theory]
    [InlineData("consumer.session.timeout.ms", "44999")]
    [InlineData("consumer.session.timeout.ms", "60001")]
    [InlineData("consumer.heartbeat.interval.ms", "4999")]
    [InlineData("consumer.heartbeat.interval.ms", "soon")]
    [InlineData("consumer.assignment.interval.ms", "15001")]
    [InlineData("share.auto.offset.reset", "middle")]
    [InlineData("share.auto.offset.reset", "by_duration:-PT1H")]
    [InlineData("share.isolation.level", "serializable")]
    [InlineData("share.delivery.count.limit", "11")]
    [InlineData("streams.num.standby.replicas", "3")]
    [InlineData("session.timeout.ms", "50000")]
    public async Task Value_outside_of_the_broker_s_bounds_is_refused(string name, string value)
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(ErrorCode.InvalidConfig, await ChangeAsync(broker, "g", (Set, name, value)));
        Assert.DoesNotContain(await ListedAsync(broker), g => g == "g");
    }

    [Fact]
    public async Task Bounds_are_the_broker_s_and_a_session_outlasts_a_heartbeat()
    {
        await using var broker = await TestBroker.StartAsync(o => o with
        {
            GroupConsumerMinSessionTimeoutMs = 1000,
            GroupConsumerMinHeartbeatIntervalMs = 500,
        });
        Assert.Equal(ErrorCode.InvalidConfig, await ChangeAsync(broker, "g", (Set, "consumer.session.timeout.ms", "5000")));
        Assert.Equal(
            ErrorCode.None,
            await ChangeAsync(broker, "g", (Set, "consumer.session.timeout.ms", "5000"), (Set, "consumer.heartbeat.interval.ms", "1000")));
    }

    [Fact]
    public async Task Settings_are_told_to_members_and_outlive_the_broker()
    {
        await using var first = await TestBroker.StartAsync();
        await first.CreateTopicAsync("t");
        await ChangeAsync(first, "g", (Set, "consumer.heartbeat.interval.ms", "7000"), (Set, "share.auto.offset.reset", "by_duration:PT1H"));
        Assert.Equal(7000, await HeartbeatAsync(first, "g"));
        Assert.Equal(5000, await HeartbeatAsync(first, "other"));
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory);

        Assert.Equal(["g"], await ListedAsync(second));
        Assert.Equal("by_duration:PT1H", (await ShownAsync(second, "g", "share.auto.offset.reset")).Value);
        Assert.Equal(7000, await HeartbeatAsync(second, "g"));
        var replaced = await second.SendAsync(new AlterConfigsRequest { Resources = [new() { ResourceType = Group, ResourceName = "g" }] });
        Assert.Equal(ErrorCode.None, replaced.Responses[0].ErrorCode);
        Assert.Empty(await ListedAsync(second));
    }

    private static async Task<(string? Value, string Synonyms)> ShownAsync(TestBroker broker, string group, string name)
    {
        var response = await broker.SendAsync(new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            Resources = [new() { ResourceType = Group, ResourceName = group, ConfigurationKeys = null }],
        });
        Assert.Equal(GroupConfigKeys.All.Select(k => k.Name), response.Results[0].Configs.Select(c => c.Name));
        var config = response.Results[0].Configs.Single(c => c.Name == name);
        return (config.Value, string.Join(',', config.Synonyms.Select(s => $"{s.Name}={s.Value}/{s.Source}")));
    }

    private static async Task<IEnumerable<string>> ListedAsync(TestBroker broker) =>
        (await broker.SendAsync(new ListConfigResourcesRequest { ResourceTypes = [Group] })).ConfigResources.Select(r => r.ResourceName);

    private static async Task<int> HeartbeatAsync(TestBroker broker, string group) => (await broker.SendAsync(new ConsumerGroupHeartbeatRequest
    {
        GroupId = group,
        MemberId = $"{Guid.NewGuid()}",
        RebalanceTimeoutMs = 60_000,
        SubscribedTopicNames = ["t"],
        TopicPartitions = [],
    })).HeartbeatIntervalMs;

    private static async Task<ErrorCode> ChangeAsync(TestBroker broker, string group, params (sbyte Kind, string Name, string? Value)[] changes)
    {
        var response = await broker.SendAsync(new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = Group,
                    ResourceName = group,
                    Configs =
                    [
                        .. changes.Select(c => new IncrementalAlterConfigsRequest.AlterableConfig
                        {
                            ConfigOperation = c.Kind,
                            Name = c.Name,
                            Value = c.Value,
                        }),
                    ],
                },
            ],
        });
        return response.Responses[0].ErrorCode;
    }
}
