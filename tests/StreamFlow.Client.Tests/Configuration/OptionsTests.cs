using StreamFlow.Client.Configuration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Client.Tests.Configuration;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        Assert.Empty(ProducerOptions.Default.Validate());
        Assert.Empty(ConsumerOptions.Default.Validate());
        Assert.Empty(ClusterOptions.Default.Validate());
    }

    [Fact]
    public void Kafka_settings_are_read_by_their_names()
    {
        var options = ProducerOptions.FromProperties(new Dictionary<string, string>
        {
            ["acks"] = "all",
            ["linger.ms"] = "5",
            ["compression.type"] = "zstd",
            ["transactional.id"] = "tx",
        });
        Assert.Equal(Acks.All, options.Acks);
        Assert.Equal(TimeSpan.FromMilliseconds(5), options.Linger);
        Assert.Equal(CompressionType.Zstd, options.Compression);
        Assert.Equal("tx", options.TransactionalId);

        var consumer = ConsumerOptions.FromProperties(new Dictionary<string, string> { ["isolation.level"] = "read_committed", ["group.id"] = "g" });
        Assert.Equal(IsolationLevel.ReadCommitted, consumer.IsolationLevel);
    }

    [Fact]
    public void Binding_leaves_the_defaults_as_they_are()
    {
        var defaults = new ProducerOptions { BatchSize = 7 };
        var bound = OptionsBinder.Bind(
            defaults, new Dictionary<string, string> { ["linger.ms"] = "5" }, o => o.Validate());
        Assert.Equal((7, TimeSpan.FromMilliseconds(5)), (bound.BatchSize, bound.Linger));
        Assert.Equal(TimeSpan.Zero, defaults.Linger);
    }

    [Fact]
    public void A_group_that_the_broker_assigns_takes_its_times_from_there()
    {
        var options = ConsumerOptions.FromProperties(new Dictionary<string, string>
        {
            ["group.id"] = "g", ["group.protocol"] = "consumer", ["group.remote.assignor"] = "range",
        });
        Assert.Equal((GroupProtocol.Consumer, "range"), (options.GroupProtocol, options.GroupRemoteAssignor));
        Assert.Contains("session.timeout.ms", Assert.Single((options with { SessionTimeout = TimeSpan.FromSeconds(9) }).Validate()), StringComparison.Ordinal);
        Assert.Single((options with { GroupProtocol = GroupProtocol.Classic }).Validate());
    }

    [Fact]
    public void All_problems_are_named_at_once()
    {
        var error = Assert.Throws<ConfigurationException>(() => ProducerOptions.FromProperties(new Dictionary<string, string>
        {
            ["acks"] = "1",
            ["lingre.ms"] = "5",
            ["batch.size"] = "many",
            ["max.in.flight.requests.per.connection"] = "9",
        }));
        Assert.Contains("lingre.ms", error.Message, StringComparison.Ordinal);
        Assert.Contains("batch.size", error.Message, StringComparison.Ordinal);
        Assert.Contains("max.in.flight", error.Message, StringComparison.Ordinal);
        Assert.Contains("need acks=all", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    [InlineData("nowhere:")]
    [InlineData("embedded:")]
    public async Task A_wrong_cluster_string_says_what_is_allowed(string text)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => Embedded.Cluster.OpenAsync(text));
        Assert.Contains("embedded:DIR", error.Message, StringComparison.Ordinal);
    }
}
