using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Integration;

[Collection(ClustersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class AdminTests(Clusters clusters)
{
    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Topics_are_created_described_grown_and_deleted(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 2, new Dictionary<string, string> { ["retention.ms"] = "1000" });
        Assert.Contains(topic, await cluster.Admin.ListTopicsAsync());
        var exists = await Assert.ThrowsAsync<BrokerException>(() => cluster.Admin.CreateTopicsAsync([new NewTopic(topic, 1, 1)]));
        Assert.Equal(ErrorCode.TopicAlreadyExists, exists.ErrorCode);
        await cluster.Admin.CreateTopicsAsync([new NewTopic(topic, 1, 1)], ignoreExisting: true);

        await cluster.Admin.CreatePartitionsAsync(new Dictionary<string, int> { [topic] = 3 });
        var described = await cluster.Admin.DescribeTopicsAsync([topic, "no-such-topic"]);
        Assert.Equal(3, Assert.Single(described).Value.Partitions.Count);

        var resource = new ConfigResource(ConfigResourceType.Topic, topic);
        await cluster.Admin.AlterConfigsAsync(resource, [new("retention.ms", "2000")]);
        var entry = (await cluster.Admin.DescribeConfigsAsync([resource]))[resource].Single(c => c.Name == "retention.ms");
        Assert.Equal("2000", entry.Value);
        Assert.Equal(ConfigSource.Topic, entry.Source);

        await cluster.Admin.DeleteTopicsAsync([topic]);
        var gone = await Assert.ThrowsAsync<BrokerException>(() => cluster.Admin.DeleteTopicsAsync([topic]));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, gone.ErrorCode);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Offsets_are_found_and_records_deleted(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var partition = new TopicPartition(topic, 0);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        for (var i = 0; i < 10; i++)
        {
            await producer.SendAsync(Clusters.Record(topic, null, "v", 0) with { Timestamp = 1000 + (i * 10) });
        }

        Assert.Equal(10, await FindAsync(OffsetSpec.Latest));
        Assert.Equal(0, await FindAsync(OffsetSpec.Earliest));
        Assert.Equal(5, await FindAsync(OffsetSpec.ForTimestamp(1041)));
        Assert.Equal(9, await FindAsync(OffsetSpec.MaxTimestamp));
        Assert.Null(await FindAsync(OffsetSpec.ForTimestamp(5000)));

        Assert.Equal(4, (await cluster.Admin.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [partition] = 4 }))[partition]);
        Assert.Equal(4, await FindAsync(OffsetSpec.Earliest));

        async Task<long?> FindAsync(OffsetSpec spec)
        {
            var found = await cluster.Admin.ListOffsetsAsync(new Dictionary<TopicPartition, OffsetSpec> { [partition] = spec });
            return found.TryGetValue(partition, out var offset) ? offset.Offset : null;
        }
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Groups_are_listed_described_changed_and_deleted(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var group = Clusters.NewName("group");
        var partition = new TopicPartition(topic, 0);
        var member = cluster.CreateConsumer(ConsumerOptions.Default with { GroupId = group, AutoOffsetReset = AutoOffsetReset.Earliest });
        member.Subscribe([topic]);
        while (member.Assignment.Count == 0)
        {
            (await member.PollAsync(TimeSpan.FromMilliseconds(50)))?.Dispose();
        }

        var description = (await cluster.Admin.DescribeGroupsAsync([group]))[group];
        Assert.Equal("Stable", description.State);
        Assert.Equal(partition, Assert.Single(Assert.Single(description.Members).Partitions));
        Assert.Contains(await cluster.Admin.ListGroupsAsync(), g => g.GroupId == group && g.ProtocolType == "consumer");
        var busy = await Assert.ThrowsAsync<BrokerException>(() => cluster.Admin.DeleteGroupsAsync([group]));
        Assert.Equal(ErrorCode.NonEmptyGroup, busy.ErrorCode);
        await member.DisposeAsync();

        await cluster.Admin.AlterGroupOffsetsAsync(group, new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(7) });
        Assert.Equal(7, (await cluster.Admin.ListGroupOffsetsAsync(group))[partition].Offset);
        await cluster.Admin.DeleteGroupOffsetsAsync(group, [partition]);
        Assert.Empty(await cluster.Admin.ListGroupOffsetsAsync(group));
        await cluster.Admin.DeleteGroupsAsync([group]);
        Assert.DoesNotContain(await cluster.Admin.ListGroupsAsync(), g => g.GroupId == group);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_cluster_names_its_brokers(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var description = await cluster.Admin.DescribeClusterAsync();
        Assert.NotEmpty(description.Brokers);
        Assert.NotNull(description.ClusterId);
    }
}
