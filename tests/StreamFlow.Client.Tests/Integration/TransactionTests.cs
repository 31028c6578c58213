using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Integration;

[Collection(ClustersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class TransactionTests(Clusters clusters)
{
    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Read_committed_sees_committed_records_only(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 2);
        await using var producer = Transactional(cluster, Clusters.NewName("tx"));
        await producer.InitTransactionsAsync();
        for (var round = 0; round < 4; round++)
        {
            producer.BeginTransaction();
            for (var i = 0; i < 10; i++)
            {
                await producer.SendAsync(Clusters.Record(topic, null, $"{round}:{i}", i % 2));
            }

            await (round % 2 == 0 ? producer.CommitTransactionAsync() : producer.AbortTransactionAsync());
        }

        await using var committed = Reader(cluster, topic, IsolationLevel.ReadCommitted);
        var seen = await Clusters.ReadAsync(committed, 20);
        Assert.All(seen, r => Assert.True(r.Value![0] is '0' or '2', r.Value));
        await using var all = Reader(cluster, topic, IsolationLevel.ReadUncommitted);
        Assert.Equal(40, (await Clusters.ReadAsync(all, 40)).Count);
    }

    /// <summary>Each transaction takes an epoch (KIP-890), and there are 32,767: the producer goes on under another id.</summary>
    [Theory]
    [OnEmbedded]
    public async Task Producer_goes_on_when_the_epochs_of_its_id_are_used_up(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        await using var producer = Transactional(cluster, Clusters.NewName("tx"));
        await producer.InitTransactionsAsync();
        for (var i = 0; i < short.MaxValue + 10; i++)
        {
            producer.BeginTransaction();
            await producer.SendAsync(Clusters.Record(topic, null, "v", 0));
            await producer.CommitTransactionAsync();
        }

        var partition = new TopicPartition(topic, 0);
        await using var reader = Reader(cluster, topic, IsolationLevel.ReadCommitted);
        Assert.Equal(2 * (short.MaxValue + 10), (await reader.EndOffsetsAsync([partition]))[partition]);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Offsets_commit_with_the_transaction_and_vanish_with_its_abort(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var group = Clusters.NewName("group");
        var partition = new TopicPartition(topic, 0);
        await using var producer = Transactional(cluster, Clusters.NewName("tx"));
        await producer.InitTransactionsAsync();

        producer.BeginTransaction();
        await producer.SendAsync(Clusters.Record(topic, null, "a", 0));
        await producer.SendOffsetsToTransactionAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(5) }, new(group));
        await producer.CommitTransactionAsync();
        Assert.Equal(5, (await cluster.Admin.ListGroupOffsetsAsync(group, [partition], requireStable: true))[partition].Offset);

        producer.BeginTransaction();
        await producer.SendOffsetsToTransactionAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(9) }, new(group));
        await producer.AbortTransactionAsync();
        Assert.Equal(5, (await cluster.Admin.ListGroupOffsetsAsync(group, [partition], requireStable: true))[partition].Offset);

        producer.BeginTransaction();
        await producer.SendOffsetsToTransactionAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(10) }, new(group));
        await producer.SendOffsetsToTransactionAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(11) }, new(group));
        await producer.CommitTransactionAsync();
        Assert.Equal(11, (await cluster.Admin.ListGroupOffsetsAsync(group, [partition], requireStable: true))[partition].Offset);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_second_producer_with_the_same_id_fences_the_first(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var id = Clusters.NewName("tx");
        await using var first = Transactional(cluster, id);
        await first.InitTransactionsAsync();
        first.BeginTransaction();
        await first.SendAsync(Clusters.Record(topic, null, "lost", 0));

        await using var second = Transactional(cluster, id);
        await second.InitTransactionsAsync();
        second.BeginTransaction();
        await second.SendAsync(Clusters.Record(topic, null, "kept", 0));
        await second.CommitTransactionAsync();

        await Assert.ThrowsAsync<ProducerFencedException>(() => first.CommitTransactionAsync());
        await using var reader = Reader(cluster, topic, IsolationLevel.ReadCommitted, 1);
        Assert.Equal("kept", Assert.Single(await Clusters.ReadAsync(reader, 1)).Value);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_member_of_an_old_generation_cannot_commit_in_a_transaction(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var group = Clusters.NewName("group");
        await using var producer = Transactional(cluster, Clusters.NewName("tx"));
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await Assert.ThrowsAsync<CommitFailedException>(() => producer.SendOffsetsToTransactionAsync(
            new Dictionary<TopicPartition, OffsetAndMetadata> { [new(topic, 0)] = new(1) }, new(group, 3, "nobody")));
        await Assert.ThrowsAsync<TransactionAbortableException>(() => producer.CommitTransactionAsync());
        await producer.AbortTransactionAsync();

        producer.BeginTransaction();
        await producer.SendAsync(Clusters.Record(topic, null, "goes on", 0));
        await producer.CommitTransactionAsync();
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task An_administrator_sees_and_aborts_an_open_transaction(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var id = Clusters.NewName("tx");
        await using var producer = Transactional(cluster, id);
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.SendAsync(Clusters.Record(topic, null, "v", 0));

        Assert.Contains(await cluster.Admin.ListTransactionsAsync(), t => t.TransactionalId == id);
        var described = (await cluster.Admin.DescribeTransactionsAsync([id]))[id];
        Assert.Equal("Ongoing", described.State);
        Assert.Equal(new TopicPartition(topic, 0), Assert.Single(described.Partitions));

        await cluster.Admin.AbortTransactionAsync(id);
        await Assert.ThrowsAsync<ProducerFencedException>(() => producer.CommitTransactionAsync());
    }

    private static IProducer Transactional(ICluster cluster, string id) =>
        cluster.CreateProducer(ProducerOptions.Default with { TransactionalId = id });

    private static IConsumer Reader(ICluster cluster, string topic, IsolationLevel isolation, int partitions = 2)
    {
        var consumer = cluster.CreateConsumer(
            ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = isolation });
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p)));
        return consumer;
    }
}
