using StreamFlow.Broker.Configuration;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Configuration;

/// <summary>Defaults of topics given at the start, under the names that Kafka's files have for them.</summary>
public sealed class TopicDefaultsTests
{
    [Theory]
    [InlineData("log.retention.hours=5", "retention.ms", "18000000")]
    [InlineData("log.retention.hours=5,log.retention.minutes=100", "retention.ms", "6000000")]
    [InlineData("log.retention.minutes=100,log.retention.ms=7", "retention.ms", "7")]
    [InlineData("log.retention.hours=-1", "retention.ms", "-1")]
    [InlineData("log.roll.hours=10", "segment.ms", "36000000")]
    [InlineData("log.roll.hours=10,log.roll.ms=60000", "segment.ms", "60000")]
    [InlineData("log.roll.jitter.hours=1", "segment.jitter.ms", "3600000")]
    [InlineData("log.flush.scheduler.interval.ms=4000", "flush.ms", "4000")]
    [InlineData("log.flush.scheduler.interval.ms=4000,log.flush.interval.ms=9000", "flush.ms", "9000")]
    [InlineData("log.retention.bytes=1000", "retention.bytes", "1000")]
    [InlineData("log.segment.bytes=2000000", "segment.bytes", "2000000")]
    [InlineData("log.cleanup.policy=compact", "cleanup.policy", "compact")]
    [InlineData("message.max.bytes=5000", "max.message.bytes", "5000")]
    [InlineData("log.index.size.max.bytes=4096", "segment.index.bytes", "4096")]
    [InlineData("log.message.timestamp.type=LogAppendTime", "message.timestamp.type", "LogAppendTime")]
    [InlineData("log.cleaner.min.compaction.lag.ms=9", "min.compaction.lag.ms", "9")]
    public void Finest_unit_holds(string given, string name, string value) =>
        Assert.Equal(value, Options(given).TopicDefaults[name]);

    [Fact]
    public void Coarse_unit_of_a_later_source_leaves_the_finer_one_of_an_earlier()
    {
        var first = Options("log.retention.ms=7");
        var second = BrokerOptions.FromProperties([KeyValuePair.Create("log.retention.hours", "1")], first);
        Assert.Equal("7", second.TopicDefaults["retention.ms"]);
    }

    [Theory]
    [InlineData("log.retention.hours", "soon")]
    [InlineData("log.retention.hours", "99999999999")]
    [InlineData("log.roll.hours", "-2")]
    public void Value_that_is_no_number_is_refused(string name, string value) => Assert.Contains(
        name, Assert.Throws<ConfigurationException>(() => Options($"{name}={value}")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Topics_are_described_with_the_broker_s_defaults_under_their_own_names()
    {
        await using var broker = await TestBroker.StartAsync(
            o => BrokerOptions.FromProperties(Pairs("log.retention.minutes=100,log.retention.hours=5,log.segment.bytes=2000000,log.flush.interval.ms=9000,log.flush.scheduler.interval.ms=4000"), o));
        await broker.CreateTopicAsync("t");

        var topic = await DescribeAsync(broker, 2, "t");
        // Kafka names no synonym when the value comes from another unit than the first.
        Assert.Equal(("6000000", ConfigSources.Default, ""), Shown(topic["retention.ms"]));
        Assert.Equal(
            ("2000000", ConfigSources.StaticBroker, "log.segment.bytes=2000000/4,log.segment.bytes=1073741824/5"), Shown(topic["segment.bytes"]));
        Assert.Equal(
            ("9000", ConfigSources.StaticBroker,
                "log.flush.interval.ms=9000/4,log.flush.scheduler.interval.ms=4000/4,log.flush.scheduler.interval.ms=9223372036854775807/5"),
            Shown(topic["flush.ms"]));

        var node = await DescribeAsync(broker, 4, "1");
        Assert.Equal((null, ConfigSources.Default, ""), Shown(node["log.retention.ms"]));
        Assert.Equal(
            ("100", ConfigSources.StaticBroker, "log.retention.minutes=100/4,log.retention.hours=5/4,log.retention.hours=168/5"),
            Shown(node["log.retention.minutes"]));
        Assert.Equal(("5", ConfigSources.StaticBroker, "log.retention.hours=5/4,log.retention.hours=168/5"), Shown(node["log.retention.hours"]));
        Assert.Equal(("168", ConfigSources.Default, "log.roll.hours=168/5"), Shown(node["log.roll.hours"]));
        Assert.True(node["log.retention.hours"].ReadOnly);
        Assert.False(node["log.retention.ms"].ReadOnly);
    }

    private static (string? Value, sbyte Source, string Synonyms) Shown(DescribeConfigsResponse.DescribeConfigsResourceResult config) =>
        (config.Value, config.ConfigSource, string.Join(',', config.Synonyms.Select(s => $"{s.Name}={s.Value}/{s.Source}")));

    private static async Task<Dictionary<string, DescribeConfigsResponse.DescribeConfigsResourceResult>> DescribeAsync(
        TestBroker broker, sbyte type, string name)
    {
        var response = await broker.SendAsync(new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = null }],
        });
        return response.Results[0].Configs.ToDictionary(c => c.Name);
    }

    private static BrokerOptions Options(string given) => BrokerOptions.FromProperties(Pairs(given));

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string given) =>
        given.Split(',').Select(p => KeyValuePair.Create(p.Split('=')[0], p.Split('=')[1]));
}
