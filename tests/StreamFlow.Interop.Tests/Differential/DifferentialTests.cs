using StreamFlow.Broker;
using StreamFlow.Testing.Processes;
using Xunit.Abstractions;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>Sends the same requests, many of them wrong, to our broker and to Apache Kafka, and compares the answers field by field.</summary>
[Trait("Category", "Interop")]
public sealed class DifferentialTests(ITestOutputHelper output)
{
    [FactOnKafka]
    public async Task Both_brokers_answer_alike()
    {
        var directory = Directory.CreateTempSubdirectory("streamflow-differential-");
        try
        {
            await using var ours = await BrokerServer.StartAsync(new BrokerOptions
            {
                DataDirectory = directory.FullName,
                Listeners = ["127.0.0.1:0"],
            });
            await using var kafka = await KafkaNode.StartAsync();
            using var toOurs = new WireClient($"{ours.EndPoints[0]}");
            using var toKafka = new WireClient(kafka.Address);
            var comparison = new Comparison(toOurs, toKafka);
            foreach (var exchange in Comparison.Exchanges)
            {
                await comparison.RunAsync(exchange);
            }

            output.WriteLine(string.Join('\n', comparison.Messages));
            var unknown = comparison.Differences.Where(d => !KnownDifferences.Reasons.ContainsKey(d.Exchange.Name)).Select(d => d.Text).ToList();
            Assert.True(unknown.Count == 0, string.Join('\n', unknown));
            Assert.All(KnownDifferences.Reasons.Keys, name => Assert.Contains(comparison.Differences, d => d.Exchange.Name == name));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
