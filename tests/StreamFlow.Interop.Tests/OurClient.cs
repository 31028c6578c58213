using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Our side of an exchange: lines into a topic and out of it.</summary>
internal static class OurClient
{
    public static string[] Lines(string who, int count = 300) => [.. Enumerable.Range(0, count).Select(i => $"{who}-{i}")];

    public static async Task WriteAsync(string address, string topic, string codec, IEnumerable<string> lines)
    {
        await using var cluster = RemoteCluster.Open(address);
        await using var producer = cluster.CreateProducer(new ProducerOptions { Compression = Enum.Parse<CompressionType>(codec, ignoreCase: true) });
        await Task.WhenAll(lines.Select(l => producer.SendAsync(topic, l, l, Serdes.String, Serdes.String).AsTask()));
    }

    /// <summary>The committed values of partition 0, sorted, once there are as many as expected.</summary>
    public static async Task<string[]> ReadAsync(string address, string topic, int count)
    {
        await using var cluster = RemoteCluster.Open(address);
        await using var consumer = cluster.CreateConsumer(new ConsumerOptions
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted,
        });
        consumer.Assign([new TopicPartition(topic, 0)]);
        var values = new List<string>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var record in consumer.ConsumeAsync(Serdes.String, Serdes.String, patience.Token))
        {
            values.Add(record.Value!);
            if (values.Count == count)
            {
                break;
            }
        }

        return [.. values.Order(StringComparer.Ordinal)];
    }

    /// <summary>Lines of another client's output, sorted as <see cref="ReadAsync"/> does.</summary>
    public static string[] Sorted(ChildProcess run)
    {
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return [.. run.Lines.Order(StringComparer.Ordinal)];
    }
}
