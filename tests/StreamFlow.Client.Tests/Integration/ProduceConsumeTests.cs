using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Integration;

[Collection(ClustersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class ProduceConsumeTests(Clusters clusters)
{
    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Batches_larger_than_the_topic_takes_are_split(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(
            cluster, configs: new Dictionary<string, string> { ["max.message.bytes"] = "2000", ["retention.ms"] = "-1" });
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { Linger = TimeSpan.FromMinutes(1) });
        await producer.PartitionsForAsync(topic);
        var sends = Enumerable.Range(0, 300).Select(i => producer.SendAsync(Clusters.Record(topic, null, $"{i:000000000000}")).AsTask()).ToList();
        await producer.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (long)i), (await Task.WhenAll(sends)).Select(m => m.Offset));

        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Assign([new(topic, 0)]);
        Assert.Equal(
            Enumerable.Range(0, 300).Select(i => $"{i:000000000000}"), (await Clusters.ReadAsync(consumer, 300)).Select(r => r.Value));
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Records_come_back_in_order_with_keys_values_headers_and_timestamps(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        var first = await producer.SendAsync(Clusters.Record(topic, "k1", "v1") with
        {
            Timestamp = 1234,
            Headers = new Headers(new Header("h", [1, 2]), new Header("n", null)),
        });
        var second = await producer.SendAsync(Clusters.Record(topic, null, "v2"));
        var third = await producer.SendAsync(Clusters.Record(topic, "k3", null));

        Assert.Equal([0, 1, 2], new[] { first.Offset, second.Offset, third.Offset });

        await using var consumer = Reader(cluster, topic, 1);
        var records = await Clusters.ReadAsync(consumer, 3);
        Assert.Equal(["k1", null, "k3"], records.Select(r => r.Key));
        Assert.Equal(["v1", "v2", null], records.Select(r => r.Value));
        Assert.Equal(1234, records[0].Timestamp);
        Assert.Equal(["h", "n"], records[0].Headers.Select(h => h.Key));
        Assert.Null(records[0].Headers[1].Value);
        Assert.Equal(3, consumer.Position(new TopicPartition(topic, 0)));
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Sends_that_are_not_awaited_keep_their_order_from_the_first_record_on(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var options = new ProducerOptions { BufferMemory = 64 * 1024, BatchSize = 4 * 1024 };
        await using var producer = cluster.CreateProducer(options);

        // Nothing is known of the topic at first, and the buffer is full again and again.
        await Task.WhenAll(Enumerable.Range(0, 20_000).Select(i => producer.SendAsync(Clusters.Record(topic, null, $"{i}")).AsTask()));

        await using var consumer = Reader(cluster, topic, 1);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"{i}"), (await Clusters.ReadAsync(consumer, 20_000)).Select(r => r.Value));
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Every_compression_round_trips(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        foreach (var compression in Enum.GetValues<CompressionType>())
        {
            var topic = await Clusters.CreateTopicAsync(cluster);
            await using var producer = cluster.CreateProducer(ProducerOptions.Default with { Compression = compression });
            for (var i = 0; i < 500; i++)
            {
                Assert.True(producer.TryAppend(topic, 0, i, true, BitConverter.GetBytes(i), true, new byte[100], Headers.Empty));
            }

            await producer.FlushAsync();
            await using var consumer = Reader(cluster, topic, 1);
            var records = await Clusters.ReadAsync(consumer, 500);
            Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), records.Select(r => r.Timestamp));
        }
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Many_records_to_many_partitions_keep_their_order_per_partition(string kind)
    {
        const int Count = 50_000;
        const int Partitions = 7;
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, Partitions);
        var delivered = 0;
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with
        {
            BatchSize = 8 * 1024,
            BufferMemory = 256 * 1024,
            OnDelivery = r => Interlocked.Add(ref delivered, r.Error is null ? r.RecordCount : 0),
        });
        for (var i = 0; i < Count; i++)
        {
            while (!producer.TryAppend(topic, i % Partitions, i, false, default, true, BitConverter.GetBytes(i), Headers.Empty))
            {
                await producer.WaitForSpaceAsync();
            }
        }

        await producer.FlushAsync();
        Assert.Equal(Count, delivered);

        await using var consumer = Reader(cluster, topic, Partitions);
        var records = await Clusters.ReadAsync(consumer, Count);
        foreach (var partition in records.GroupBy(r => r.Partition.Partition))
        {
            Assert.Equal(Enumerable.Range(0, Count).Where(i => i % Partitions == partition.Key).Select(i => (long)i), partition.Select(r => r.Timestamp));
        }
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Seek_pause_and_resume_decide_what_a_poll_hands_out(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 2);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        for (var i = 0; i < 20; i++)
        {
            await producer.SendAsync(Clusters.Record(topic, null, $"v{i}", i % 2));
        }

        await using var consumer = Reader(cluster, topic, 2);
        Assert.Equal(20, (await Clusters.ReadAsync(consumer, 20)).Count);

        consumer.Pause([new(topic, 0)]);
        consumer.Seek(new(topic, 0), 3);
        consumer.Seek(new(topic, 1), 8);
        var unpaused = await Clusters.ReadAsync(consumer, 2);
        Assert.All(unpaused, r => Assert.Equal(1, r.Partition.Partition));
        Assert.Equal([8L, 9L], unpaused.Select(r => r.Offset));

        consumer.Resume([new(topic, 0)]);
        var resumed = await Clusters.ReadAsync(consumer, 7);
        Assert.Equal(Enumerable.Range(3, 7).Select(i => (long)i), resumed.Select(r => r.Offset));

        consumer.SeekToEnd([new(topic, 0)]);
        Assert.Equal(10, await consumer.FindPositionAsync(new(topic, 0)));
        consumer.SeekToBeginning([new(topic, 0)]);
        Assert.Equal(0, await consumer.FindPositionAsync(new(topic, 0)));
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Enumerating_early_leaves_the_rest_for_the_next_poll(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        for (var i = 0; i < 10; i++)
        {
            producer.TryAppend(topic, 0, 0, false, default, true, [(byte)('0' + i)], Headers.Empty);
        }

        await producer.FlushAsync();
        await using var consumer = Reader(cluster, topic, 1);
        await foreach (var record in consumer.ConsumeAsync(Core.Serialization.Serdes.String, Core.Serialization.Serdes.String))
        {
            if (record.Value == "3")
            {
                break;
            }
        }

        var rest = await Clusters.ReadAsync(consumer, 6);
        Assert.Equal(["4", "5", "6", "7", "8", "9"], rest.Select(r => r.Value!));
    }

    private static IConsumer Reader(ICluster cluster, string topic, int partitions)
    {
        var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p)));
        return consumer;
    }
}
