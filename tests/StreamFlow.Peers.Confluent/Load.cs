using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;

namespace StreamFlow.Peers.Confluent;

/// <summary>The loads of <c>bench client</c>, by Confluent.Kafka: the same records, the same figures.</summary>
internal static class Load
{
    public static int Produce(CommandLine options)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = options.Cluster,
            Acks = (Acks)options.Acks,
            EnableIdempotence = options.Acks == -1,
            LingerMs = 5,
            EnableDeliveryReports = options.HasReports,
            QueueBufferingMaxMessages = 500_000,
        };
        using var producer = new ProducerBuilder<Null, byte[]>(config).Build();
        var reported = 0L;
        Action<DeliveryReport<Null, byte[]>>? report = options.HasReports ? _ => reported++ : null;
        var message = new Message<Null, byte[]> { Value = new byte[options.Size] };
        Send(options.Warmup);
        var start = Measure.Start();
        Send(options.Records);
        start.Print("client.produce", options.Records, options.Size);
        return 0;

        void Send(int count)
        {
            for (var i = 0; i < count; i++)
            {
                while (!TrySend())
                {
                    // The queue is full; without reports nothing but time empties it.
                    producer.Poll(TimeSpan.FromMilliseconds(5));
                }
            }

            producer.Flush(TimeSpan.FromMinutes(2));
        }

        bool TrySend()
        {
            try
            {
                producer.Produce(new TopicPartition(options.Topic, 0), message, report);
                return true;
            }
            catch (ProduceException<Null, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                return false;
            }
        }
    }

    public static int Consume(CommandLine options)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = options.Cluster, GroupId = "bench", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Earliest,
        };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(config).Build();
        consumer.Assign(new TopicPartitionOffset(options.Topic, 0, Offset.Beginning));
        Read(options.Warmup);
        var start = Measure.Start();
        Read(options.Records);
        start.Print("client.consume", options.Records, options.Size);
        consumer.Close();
        return 0;

        void Read(int count)
        {
            for (var read = 0; read < count;)
            {
                read += consumer.Consume(TimeSpan.FromSeconds(1)) is null ? 0 : 1;
            }
        }
    }

    private sealed record Measure(long Wall, TimeSpan Cpu, long Allocated)
    {
        public static Measure Start() => new(Stopwatch.GetTimestamp(), CpuNow(), GC.GetTotalAllocatedBytes(precise: true));

        public void Print(string bench, int records, int size)
        {
            var wall = Stopwatch.GetElapsedTime(Wall).TotalSeconds;
            var cpu = (CpuNow() - Cpu).TotalSeconds;
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                bench,
                records,
                size,
                wallSeconds = Math.Round(wall, 3),
                cpuSeconds = Math.Round(cpu, 3),
                cpuMicrosPerRecord = Math.Round(cpu * 1e6 / records, 3),
                recordsPerSecond = Math.Round(records / wall),
                bytesAllocatedPerRecord = Math.Round((double)(GC.GetTotalAllocatedBytes(precise: true) - Allocated) / records, 2),
            }));
        }

        private static TimeSpan CpuNow()
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }
}
