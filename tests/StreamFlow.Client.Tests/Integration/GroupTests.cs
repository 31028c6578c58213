using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Integration;

[Collection(ClustersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class GroupTests(Clusters clusters)
{
    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_new_member_takes_over_from_committed_offsets(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var group = Clusters.NewName("group");
        await SendAsync(cluster, topic, 1, 10);

        await using (var first = Member(cluster, group, new RangeAssignor()))
        {
            first.Subscribe([topic]);
            Assert.Equal(10, (await Clusters.ReadAsync(first, 10)).Count);
            await first.CommitAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [new(topic, 0)] = new(6, "note") });
            Assert.Equal(new OffsetAndMetadata(6, "note"), (await first.CommittedAsync([new(topic, 0)]))[new(topic, 0)]);
        }

        await using var second = Member(cluster, group, new RangeAssignor());
        second.Subscribe([topic]);
        Assert.Equal([6L, 7L, 8L, 9L], (await Clusters.ReadAsync(second, 4)).Select(r => r.Offset));
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Two_members_share_the_partitions_and_the_one_that_stays_gets_all(string kind)
    {
        foreach (var isCooperative in new[] { false, true })
        {
            await using var cluster = await clusters.OpenAsync(kind);
            var topic = await Clusters.CreateTopicAsync(cluster, 4);
            var group = Clusters.NewName("group");
            var log = new RebalanceLog();
            await using var first = Member(cluster, group, isCooperative ? new CooperativeStickyAssignor() : new RoundRobinAssignor());
            first.Subscribe([topic], log);
            await PollUntilAsync(() => first.Assignment.Count == 4, first);

            var second = Member(cluster, group, isCooperative ? new CooperativeStickyAssignor() : new RoundRobinAssignor());
            second.Subscribe([topic]);
            await PollUntilAsync(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);
            Assert.Equal(4, first.Assignment.Union(second.Assignment).Count());
            Assert.Equal(isCooperative ? 2 : 4, log.Revoked);
            Assert.Equal(0, log.Lost);

            await SendAsync(cluster, topic, 4, 40);
            await second.DisposeAsync();
            await PollUntilAsync(() => first.Assignment.Count == 4, first);
        }
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_static_member_comes_back_to_its_partitions_without_a_rebalance(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 2);
        var group = Clusters.NewName("group");
        var stays = Member(cluster, group, new RangeAssignor(), "a");
        var leaves = Member(cluster, group, new RangeAssignor(), "b");
        await using var scope = stays;
        stays.Subscribe([topic]);
        leaves.Subscribe([topic]);
        await PollUntilAsync(() => stays.Assignment.Count == 1 && leaves.Assignment.Count == 1, stays, leaves);
        var owned = leaves.Assignment.Single();
        var generation = stays.GroupMetadata.GenerationId;
        await leaves.DisposeAsync();

        await using var back = Member(cluster, group, new RangeAssignor(), "b");
        back.Subscribe([topic]);
        await PollUntilAsync(() => back.Assignment.Count == 1, stays, back);
        Assert.Equal(owned, back.Assignment.Single());
        Assert.Equal(generation, stays.GroupMetadata.GenerationId);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Assigned_anew_when_the_topic_grows(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 1);
        await using var member = Member(cluster, Clusters.NewName("group"), new CooperativeStickyAssignor());
        member.Subscribe([topic]);
        await PollUntilAsync(() => member.Assignment.Count == 1, member);
        await cluster.Admin.CreatePartitionsAsync(new Dictionary<string, int> { [topic] = 3 });
        await PollUntilAsync(() => member.Assignment.Count == 3, member);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_late_poll_loses_the_partitions_and_the_right_to_commit(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 1);
        var log = new RebalanceLog();
        await using var member = cluster.CreateConsumer(ConsumerOptions.Default with
        {
            GroupId = Clusters.NewName("group"),
            MaxPollInterval = TimeSpan.FromSeconds(1),
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            SessionTimeout = TimeSpan.FromSeconds(10),
        });
        member.Subscribe([topic], log);
        await PollUntilAsync(() => member.Assignment.Count == 1, member);
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await Assert.ThrowsAsync<CommitFailedException>(
            () => member.CommitAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [new(topic, 0)] = new(0) }));
        await PollUntilAsync(() => log.Lost == 1 && member.Assignment.Count == 1, member);
    }

    private static IConsumer Member(ICluster cluster, string group, IPartitionAssignor assignor, string? instance = null) =>
        cluster.CreateConsumer(ConsumerOptions.Default with
        {
            GroupId = group,
            GroupInstanceId = instance,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            Assignors = [assignor],
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            SessionTimeout = TimeSpan.FromSeconds(10),
        });

    private static async Task SendAsync(ICluster cluster, string topic, int partitions, int count)
    {
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => producer.SendAsync(Clusters.Record(topic, null, $"{i}", i % partitions)).AsTask()));
    }

    private static async Task PollUntilAsync(Func<bool> isDone, params IConsumer[] members)
    {
        using var patience = new CancellationTokenSource(Clusters.Patience);
        while (!isDone())
        {
            foreach (var member in members)
            {
                (await member.PollAsync(TimeSpan.FromMilliseconds(20), patience.Token))?.Dispose();
            }
        }
    }

    private sealed class RebalanceLog : IRebalanceListener
    {
        public int Revoked { get; private set; }

        public int Lost { get; private set; }

        public ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => default;

        public ValueTask OnRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
        {
            Revoked += partitions.Count;
            return default;
        }

        public ValueTask OnLostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
        {
            Lost += partitions.Count;
            return default;
        }
    }
}
