using System.Buffers.Binary;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>Clients within a small <c>memory.limit</c>: sends wait, fetching pauses, and every record comes through in order.</summary>
[Trait("Category", "Integration")]
public sealed class MemoryLimitTests
{
    private const int Partitions = 8;
    private const int PerPartition = 2000;
    private const int BatchSize = 32 * 1024;

    [Fact]
    public async Task Records_come_through_in_order_and_buffers_stay_within_the_limit()
    {
        var options = ClusterOptions.Default with { MemoryLimit = MemoryBudget.Smallest };
        await using var cluster = await Embedded.Cluster.OpenAsync("memory:", options);
        var topic = await Clusters.CreateTopicAsync(cluster, Partitions);
        await ProduceAsync(cluster, topic);
        Assert.Equal(0, cluster.Memory[MemoryUse.Produce].Used);

        await using (var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest }))
        {
            consumer.Assign(Enumerable.Range(0, Partitions).Select(p => new TopicPartition(topic, p)));
            await ReadAsync(consumer, cluster.Memory[MemoryUse.Fetch]);
        }

        Assert.Equal(0, cluster.Memory[MemoryUse.Fetch].Used);
    }

    private static async Task ProduceAsync(ICluster cluster, string topic)
    {
        var share = cluster.Memory[MemoryUse.Produce];
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { BatchSize = BatchSize });
        await producer.PartitionsForAsync(topic);
        var value = new byte[1000];
        for (var i = 0; i < PerPartition; i++)
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                BinaryPrimitives.WriteInt32BigEndian(value, i);
                while (!producer.TryAppend(topic, partition, i, false, default, true, value, Core.Records.Headers.Empty))
                {
                    await producer.WaitForSpaceAsync().AsTask().WaitAsync(Clusters.Patience);
                }

                Assert.InRange(share.Used, 0, share.Capacity);
            }
        }

        await producer.FlushAsync();
    }

    // Holds what it reads until nothing more comes: every partition is at its limit then, and gets its next batch when it gives back.
    private static async Task ReadAsync(IConsumer consumer, MemoryShare share)
    {
        var next = new int[Partitions];
        var held = new Queue<RecordBatchLease>();
        var largest = 0L;
        while (next.Sum() < Partitions * PerPartition)
        {
            var lease = await consumer.PollAsync(held.Count > 0 ? TimeSpan.FromMilliseconds(50) : Clusters.Patience);
            if (lease is null)
            {
                Assert.True(held.TryDequeue(out lease), "no partition came, and nothing is held");
                lease.Dispose();
                continue;
            }

            held.Enqueue(lease);
            while (lease.TryRead(out var record))
            {
                Assert.Equal(next[lease.Partition.Partition]++, BinaryPrimitives.ReadInt32BigEndian(record.Value));
            }

            largest = Math.Max(largest, share.Used);
        }

        // A partition may hold one batch beyond the limit, or it could never go on.
        Assert.InRange(largest, 1, share.Capacity + (Partitions * (long)BatchSize));
        while (held.TryDequeue(out var lease))
        {
            lease.Dispose();
        }
    }
}
