using StreamFlow.Client.Consuming;
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
