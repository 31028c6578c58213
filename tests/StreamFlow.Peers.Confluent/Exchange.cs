using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace StreamFlow.Peers.Confluent;

/// <summary>Makes a topic, writes records with keys, headers and tombstones, reads them back in a group, commits, and compares.</summary>
internal static class Exchange
{
    private const int Partitions = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(CommandLine options)
    {
        await CreateTopicAsync(options);
        Write(options);
        var read = Read(options, $"{options.Topic}-group", options.Records);
        for (var i = 0; i < options.Records; i++)
        {
            if (read[i] != TextOf(i))
            {
                Console.WriteLine($"record {i} is {read[i]}, not {TextOf(i)}");
                return 1;
            }
        }

        // What was committed is not read again.
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"exchanged {read.Count}, read again {Read(options, $"{options.Topic}-group", 0).Count}"));
        return 0;
    }

    private static string? TextOf(int i) => i % 10 == 9 ? null : new string((char)('a' + (i % 26)), i % 200);

    private static async Task CreateTopicAsync(CommandLine options)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = options.Cluster }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = options.Topic, NumPartitions = Partitions, ReplicationFactor = 1 }]);
    }

    private static void Write(CommandLine options)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = options.Cluster, EnableIdempotence = true, LingerMs = 20,
            CompressionType = Enum.Parse<CompressionType>(options.Compression, ignoreCase: true),
        };
        using var producer = new ProducerBuilder<int, string?>(config).SetValueSerializer(new Nullable()).Build();
        for (var i = 0; i < options.Records; i++)
        {
            var headers = new Headers { { "number", BitConverter.GetBytes(i) } };
            producer.Produce(
                options.Topic, new Message<int, string?> { Key = i, Value = TextOf(i), Headers = headers },
                report =>
                {
                    if (report.Error.IsError)
                    {
                        Console.WriteLine($"not delivered: {report.Error}");
                    }
                });
        }

        producer.Flush(Limit);
    }

    private static SortedDictionary<int, string?> Read(CommandLine options, string group, int wanted)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = options.Cluster, GroupId = group, AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false,
            EnablePartitionEof = true,
        };
        using var consumer = new ConsumerBuilder<int, string?>(config).SetValueDeserializer(new Nullable()).Build();
        consumer.Subscribe(options.Topic);
        var read = new SortedDictionary<int, string?>();
        var ends = 0;
        var start = Stopwatch.GetTimestamp();
        while ((read.Count < wanted || ends < Partitions) && Stopwatch.GetElapsedTime(start) < Limit)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(1));
            if (result is { IsPartitionEOF: true })
            {
                ends++;
            }
            else if (result is not null)
            {
                var number = BitConverter.ToInt32(result.Message.Headers.GetLastBytes("number"));
                read.Add(number == result.Message.Key ? number : -1, result.Message.Value);
            }
        }

        if (read.Count > 0)
        {
            consumer.Commit();
        }

        consumer.Close();
        return read;
    }

    /// <summary>Text, or nothing at all.</summary>
    private sealed class Nullable : ISerializer<string?>, IDeserializer<string?>
    {
        public byte[]? Serialize(string? data, SerializationContext context) => data is null ? null : Encoding.UTF8.GetBytes(data);

        public string? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            isNull ? null : Encoding.UTF8.GetString(data);
    }
}
