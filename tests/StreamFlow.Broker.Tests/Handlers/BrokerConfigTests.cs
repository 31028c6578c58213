using StreamFlow.Broker.Configuration;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Handlers;

/// <summary>Settings that Kafka's brokers have and that decide nothing here: tools read and write them all the same.</summary>
public sealed class BrokerConfigTests
{
    private const sbyte Broker = 4;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;

    [Fact]
    public async Task Unused_setting_is_shown_with_its_default_and_with_what_was_given_at_the_start()
    {
        await using var broker = await TestBroker.StartAsync(
            o => BrokerOptions.FromProperties([new("num.io.threads", "16")], o));

        Assert.Equal(("16", (sbyte)4, false), await DescribeAsync(broker, "num.io.threads"));
        Assert.Equal(("1", (sbyte)5, true), await DescribeAsync(broker, "default.replication.factor"));
        Assert.Equal((null, (sbyte)5, true), await DescribeAsync(broker, "controller.listener.names"));
    }

    [Fact]
    public async Task Unused_setting_is_changed_while_the_broker_runs_where_kafka_changes_it()
    {
        await using var broker = await TestBroker.StartAsync();

        Assert.Equal(ErrorCode.None, await SetAsync(broker, "sasl.kerberos.min.time.before.relogin", "58000"));
        Assert.Equal(ErrorCode.InvalidRequest, await SetAsync(broker, "num.network.threads", "many"));
        Assert.Equal(ErrorCode.InvalidRequest, await SetAsync(broker, "default.replication.factor", "2"));
        Assert.Equal(ErrorCode.InvalidConfig, await SetAsync(broker, "no.such.setting", "1"));

        Assert.Equal(("58000", (sbyte)2, false), await DescribeAsync(broker, "sasl.kerberos.min.time.before.relogin"));
    }

    [Fact]
    public async Task Word_is_added_to_the_default_of_a_list_that_was_never_set()
    {
        await using var broker = await TestBroker.StartAsync();

        await SetAsync(broker, "log.cleanup.policy", "compact", Append);
        Assert.Equal("delete,compact", (await DescribeAsync(broker, "log.cleanup.policy")).Value);
        await SetAsync(broker, "log.cleanup.policy", "compact", Subtract);
        Assert.Equal("delete", (await DescribeAsync(broker, "log.cleanup.policy")).Value);
    }

    [Fact]
    public void Class_that_would_be_relied_upon_is_refused()
    {
        var e = Assert.Throws<ConfigurationException>(
            () => BrokerOptions.FromProperties([new("create.topic.policy.class.name", "com.example.Policy")]));

        Assert.Contains("create.topic.policy.class.name", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_that_is_used_is_not_among_the_unused()
    {
        Assert.NotEmpty(UnusedSettings.All);
        Assert.DoesNotContain(
            UnusedSettings.All,
            s => OptionKeys<BrokerOptions>.Has(s.Name) || OptionKeys<SecurityOptions>.Has(s.Name)
                || TopicConfigKeys.ByAnyName(s.Name) is not null || BrokerSynonyms.Find(s.Name) is not null);
    }

    private static async Task<(string? Value, sbyte Source, bool ReadOnly)> DescribeAsync(TestBroker broker, string name)
    {
        var described = await broker.SendAsync(new DescribeConfigsRequest
        {
            Resources = [new() { ResourceType = Broker, ResourceName = "1", ConfigurationKeys = [name] }],
        });
        var config = Assert.Single(described.Results[0].Configs);
        return (config.Value, config.ConfigSource, config.ReadOnly);
    }

    private static async Task<ErrorCode> SetAsync(TestBroker broker, string name, string value, sbyte operation = 0) =>
        (await broker.SendAsync(new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = Broker, ResourceName = "1", Configs = [new() { Name = name, Value = value, ConfigOperation = operation }] }],
        })).Responses[0].ErrorCode;
}
