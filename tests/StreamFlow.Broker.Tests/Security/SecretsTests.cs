using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Security;

public sealed class SecretsTests
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0",
        ["sasl.enabled.mechanisms"] = "PLAIN",
        ["sasl.jaas.config"] = "PlainLoginModule required user_alice=\"hunter2\";",
        ["listener.name.sasl_plaintext.plain.sasl.jaas.config"] = "PlainLoginModule required user_alice=\"hunter2\";",
        ["ssl.keystore.password"] = "hunter2",
        ["ssl.key.password"] = "hunter2",
        ["ssl.keystore.key"] = "hunter2",
    };

    [Fact]
    public async Task Secrets_are_not_described()
    {
        await using var broker = await TestBroker.StartAsync(o => BrokerOptions.FromProperties(Settings, o));

        var response = await broker.SendAsync(new DescribeConfigsRequest { Resources = [new() { ResourceType = 4, ResourceName = "1" }] });

        var configs = response.Results[0].Configs;
        Assert.DoesNotContain(configs, c => c.Value?.Contains("hunter2") == true);
        foreach (var key in Settings.Keys.Where(k => k.Contains("password") || k.Contains("jaas") || k.EndsWith(".key")))
        {
            var config = Assert.Single(configs, c => c.Name == key);
            Assert.True(config.IsSensitive, key);
            Assert.Null(config.Value);
        }
    }

    [Fact]
    public void Secrets_are_not_printed()
    {
        var options = BrokerOptions.FromProperties(Settings);

        Assert.DoesNotContain("hunter2", options.ToString());
        Assert.DoesNotContain("hunter2", options.Security.ToString());
        Assert.DoesNotContain("AQID", new ScramCredential([1, 2, 3], [1, 2, 3], [1, 2, 3], 4096).ToString());
    }
}
