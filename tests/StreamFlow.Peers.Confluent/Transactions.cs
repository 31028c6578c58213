using System.Globalization;
using Confluent.Kafka;

namespace StreamFlow.Peers.Confluent;

/// <summary>Writes every second transaction to its end, aborts the others, and reads what is committed.</summary>
internal static class Transactions
{
    private const int RecordsOfOne = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static int Run(CommandLine options)
    {
        var config = new ProducerConfig { BootstrapServers = options.Cluster, TransactionalId = $"{options.Topic}-id" };
        using (var producer = new ProducerBuilder<Null, string>(config).Build())
        {
            producer.InitTransactions(Limit);
            for (var i = 0; i < options.Records; i += RecordsOfOne)
            {
                producer.BeginTransaction();
                for (var j = i; j < i + RecordsOfOne; j++)
                {
                    var value = j.ToString(CultureInfo.InvariantCulture);
                    producer.Produce(new TopicPartition(options.Topic, 0), new Message<Null, string> { Value = value });
                }

                if (i / RecordsOfOne % 2 == 0)
                {
                    producer.CommitTransaction(Limit);
                }
                else
                {
                    producer.AbortTransaction(Limit);
                }
            }
        }

        Console.WriteLine($"committed {string.Join(' ', Committed(options))}");
        return 0;
    }

    private static List<string> Committed(CommandLine options)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = options.Cluster, GroupId = $"{options.Topic}-group", AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted, EnablePartitionEof = true,
        };
        using var consumer = new ConsumerBuilder<Ignore, string>(config).Build();
        consumer.Assign(new TopicPartitionOffset(options.Topic, 0, Offset.Beginning));
        var values = new List<string>();
        while (consumer.Consume(Limit) is { IsPartitionEOF: false } result)
        {
            values.Add(result.Message.Value);
        }

        consumer.Close();
        return values;
    }
}
