using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Our broker over a data directory of Apache Kafka.</summary>
[Trait("Category", "Interop")]
public sealed class KafkaDirectoryTests
{
    [FactOnKafka]
    public async Task Kafkas_data_directory_is_sound_and_is_served()
    {
        await using var kafka = await KafkaNode.StartAsync();
        var lines = OurClient.Lines("kafka");
        await using (var cluster = RemoteCluster.Open(kafka.Address))
        {
            var configs = new Dictionary<string, string> { ["retention.ms"] = "-1" };
            await cluster.Admin.CreateTopicsAsync([new NewTopic("t", 1, Configs: configs)]);
        }

        await OurClient.WriteAsync(kafka.Address, "t", "zstd", lines);
        await kafka.StopAsync();

        var verified = await ChildProcess.RunStreamFlowAsync("log", "verify", kafka.Data);
        await using var broker = await BrokerProcess.StartAsync(kafka.Data);
        await OurClient.WriteAsync(broker.Address, "t", "none", ["more"]);
        var read = await OurClient.ReadAsync(broker.Address, "t", lines.Length + 1);

        Assert.True(verified.ExitCode == 0, verified.Output + verified.Errors);
        Assert.Equal(lines.Append("more").Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }
}
