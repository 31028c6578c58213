using StreamFlow.Broker;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>
/// What a record allocates on the batch paths: nothing by itself. A batch of many records costs a few objects (requests, leases), which is
/// what the limit of a whole run allows for.
/// </summary>
[Collection(ClustersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class AllocationTests(Clusters clusters)
{
    private const int Count = 300_000;
    private const double MostBytesPerRecord = 4;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_allocate_nothing_and_their_batches_little(bool isOverTcp)
    {
        // On disk, because a log in memory would be counted.
        var directory = Directory.CreateTempSubdirectory("streamflow-allocation-").FullName;
        try
        {
            if (isOverTcp)
            {
                await using var broker = await BrokerServer.StartAsync(
                    new BrokerOptions { DataDirectory = directory, Listeners = ["127.0.0.1:0"] });
                await using var cluster = RemoteCluster.Open(broker.EndPoints[0].ToString());
                await MeasureAsync(cluster);
            }
            else
            {
                await using var cluster = await Embedded.Cluster.OpenAsync($"embedded:{directory}");
                await MeasureAsync(cluster);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Appending_and_reading_within_a_batch_allocate_nothing()
    {
        await using var cluster = await clusters.OpenAsync("tcp");
        var topic = await Clusters.CreateTopicAsync(cluster);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { Linger = TimeSpan.FromMinutes(1) });
        Append(producer, topic, 400);
        await producer.FlushAsync();
        Append(producer, topic, 200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Append(producer, topic, 200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        await producer.FlushAsync();

        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Assign([new TopicPartition(topic, 0)]);
        using var batch = await consumer.PollAsync(Clusters.Patience);
        Assert.True(batch!.TryRead(out _));
        before = GC.GetAllocatedBytesForCurrentThread();
        var read = 1;
        while (batch.TryRead(out _))
        {
            read++;
        }

        Assert.Equal((400, 0L), (read, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    private static async Task MeasureAsync(ICluster cluster)
    {
        var topic = await Clusters.CreateTopicAsync(cluster);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { BufferMemory = 4 * 1024 * 1024 });
        await ProduceAsync(producer, topic);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ProduceAsync(producer, topic);
        AssertLittle("produced", before);

        // Little is fetched ahead: how much depends on who is faster, and what was never in flight before is allocated.
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, MaxPartitionFetchBytes = 256 * 1024, FetchBufferMemory = 256 * 1024,
        });
        var partition = new TopicPartition(topic, 0);
        consumer.Assign([partition]);
        for (var i = 0; i < 2; i++)
        {
            await ConsumeAsync(consumer);
            await ConsumeAsync(consumer);
            consumer.Seek(partition, 0);
        }

        before = GC.GetTotalAllocatedBytes(precise: true);
        await ConsumeAsync(consumer);
        AssertLittle("consumed", before);
    }

    private static async Task ProduceAsync(IProducer producer, string topic)
    {
        for (var i = 0; i < Count; i += 200)
        {
            for (var appended = 0; appended < 200;)
            {
                appended += Append(producer, topic, 200 - appended);
                if (appended < 200)
                {
                    await producer.WaitForSpaceAsync();
                }
            }
        }

        await producer.FlushAsync();
    }

    private static int Append(IProducer producer, string topic, int count)
    {
        Span<byte> value = stackalloc byte[100];
        value.Clear();
        for (var i = 0; i < count; i++)
        {
            if (!producer.TryAppend(topic, 0, 1, false, default, true, value, Headers.Empty))
            {
                return i;
            }
        }

        return count;
    }

    private static async Task ConsumeAsync(IConsumer consumer)
    {
        for (var read = 0; read < Count;)
        {
            using var batch = await consumer.PollAsync(Clusters.Patience);
            while (batch is not null && batch.TryRead(out _))
            {
                read++;
            }
        }
    }

    private static void AssertLittle(string what, long before)
    {
        var perRecord = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Count;
        Assert.True(perRecord < MostBytesPerRecord, $"{perRecord:0.00} bytes per {what} record");
    }
}
