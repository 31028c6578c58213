using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>Groups whose broker assigns (<c>group.protocol=consumer</c>, KIP-848).</summary>
[Collection(ClustersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class ConsumerGroupTests(Clusters clusters)
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
        await using (var first = Member(cluster, group))
        {
            first.Subscribe([topic]);
            Assert.Equal(10, (await Clusters.ReadAsync(first, 10)).Count);
            Assert.True(first.GroupMetadata is { GenerationId: > 0, MemberId.Length: > 0 });
            await first.CommitAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [new(topic, 0)] = new(6, "note") });
            Assert.Equal(new OffsetAndMetadata(6, "note"), (await first.CommittedAsync([new(topic, 0)]))[new(topic, 0)]);
        }

        await using var second = Member(cluster, group);
        second.Subscribe([topic]);
        Assert.Equal([6L, 7L, 8L, 9L], (await Clusters.ReadAsync(second, 4)).Select(r => r.Offset));
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Members_that_come_and_go_move_only_what_has_to_move(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 6);
        var group = Clusters.NewName("group");
        var log = new RebalanceLog();
        await using var first = Member(cluster, group);
        first.Subscribe([topic], log);
        await PollUntilAsync(() => first.Assignment.Count == 6, first);
        var described = (await cluster.Admin.DescribeGroupsAsync([group]))[group];
        Assert.Equal(("consumer", "uniform", 6), (described.ProtocolType, described.Assignor, described.Members.Single().Partitions.Count));

        var second = Member(cluster, group);
        second.Subscribe([topic]);
        await PollUntilAsync(() => first.Assignment.Count == 3 && second.Assignment.Count == 3, first, second);
        Assert.Equal(3, log.Revoked);

        var third = Member(cluster, group);
        third.Subscribe([topic]);
        IConsumer[] all = [first, second, third];
        await PollUntilAsync(() => Array.TrueForAll(all, m => m.Assignment.Count == 2), all);
        Assert.Equal(6, all.SelectMany(m => m.Assignment).Distinct().Count());
        Assert.Equal((4, 0), (log.Revoked, log.Lost));

        await second.DisposeAsync();
        await PollUntilAsync(() => first.Assignment.Count == 3 && third.Assignment.Count == 3, first, third);
        await third.DisposeAsync();
        await PollUntilAsync(() => first.Assignment.Count == 6, first);
        Assert.Equal((4, 10, 0), (log.Revoked, log.Assigned, log.Lost));
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_rolling_restart_reads_every_record_once(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 4);
        var group = Clusters.NewName("group");
        var seen = new List<string>();
        var members = new List<IConsumer> { Member(cluster, group), Member(cluster, group) };
        members.ForEach(m => m.Subscribe([topic]));
        for (var round = 0; round < 3; round++)
        {
            await SendAsync(cluster, topic, 4, 40, round * 40);
            await ReadAndCommitAsync(members, seen, () => seen.Count == (round + 1) * 40);
            await members[0].DisposeAsync();
            members[0] = members[1];
            members[1] = Member(cluster, group);
            members[1].Subscribe([topic]);
        }

        Assert.Equal(120, seen.Distinct().Count());
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_static_member_comes_back_to_its_partitions(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 2);
        var group = Clusters.NewName("group");
        await using var stays = Member(cluster, group, "a");
        var leaves = Member(cluster, group, "b");
        stays.Subscribe([topic]);
        leaves.Subscribe([topic]);
        await PollUntilAsync(() => stays.Assignment.Count == 1 && leaves.Assignment.Count == 1, stays, leaves);
        var owned = leaves.Assignment.Single();
        await leaves.DisposeAsync();

        await using var back = Member(cluster, group, "b");
        back.Subscribe([topic]);
        await PollUntilAsync(() => back.Assignment.Count == 1, stays, back);
        Assert.Equal(owned, back.Assignment.Single());
        Assert.Single(stays.Assignment);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task An_instance_id_in_use_is_refused(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var group = Clusters.NewName("group");
        await using var first = Member(cluster, group, "a");
        first.Subscribe([topic]);
        await PollUntilAsync(() => first.Assignment.Count == 1, first);

        await using var second = Member(cluster, group, "a");
        second.Subscribe([topic]);
        var error = await Assert.ThrowsAsync<BrokerException>(() => PollUntilAsync(() => false, second));
        Assert.Equal(ErrorCode.UnreleasedInstanceId, error.ErrorCode);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_late_poll_loses_the_partitions_and_the_right_to_commit(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var log = new RebalanceLog();
        await using var member = cluster.CreateConsumer(OptionsOf(Clusters.NewName("group")) with { MaxPollInterval = TimeSpan.FromSeconds(1) });
        member.Subscribe([topic], log);
        await PollUntilAsync(() => member.Assignment.Count == 1, member);
        using var patience = new CancellationTokenSource(Clusters.Patience);
        while (member.GroupMetadata.GenerationId > 0)
        {
            await Task.Delay(20, patience.Token);
        }

        await Assert.ThrowsAsync<CommitFailedException>(
            () => member.CommitAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [new(topic, 0)] = new(0) }));
        await PollUntilAsync(() => log.Lost == 1 && member.Assignment.Count == 1, member);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task The_broker_finds_topics_by_an_expression(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var first = await Clusters.CreateTopicAsync(cluster);
        await using var member = Member(cluster, Clusters.NewName("group"));
        member.Subscribe(new SubscriptionPattern($"{first}(-more)?"));
        await PollUntilAsync(() => member.Assignment.Contains(new(first, 0)), member);
        await SendAsync(cluster, first, 1, 3);
        Assert.Equal(3, (await Clusters.ReadAsync(member, 3)).Count);

        member.Subscribe([await Clusters.CreateTopicAsync(cluster)]);
        await PollUntilAsync(() => member.Assignment.Count == 1 && !member.Assignment.Contains(new(first, 0)), member);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_wrong_expression_or_assignor_is_told(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        await using var member = Member(cluster, Clusters.NewName("group"));
        member.Subscribe(new SubscriptionPattern("(unclosed"));
        var error = await Assert.ThrowsAsync<BrokerException>(() => PollUntilAsync(() => false, member));
        Assert.Equal(ErrorCode.InvalidRegularExpression, error.ErrorCode);

        await using var other = cluster.CreateConsumer(OptionsOf(Clusters.NewName("group")) with { GroupRemoteAssignor = "none" });
        other.Subscribe(["t"]);
        error = await Assert.ThrowsAsync<BrokerException>(() => PollUntilAsync(() => false, other));
        Assert.Equal(ErrorCode.UnsupportedAssignor, error.ErrorCode);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task Assigned_anew_when_the_topic_grows_or_appears(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = Clusters.NewName("late");
        await using var member = cluster.CreateConsumer(OptionsOf(Clusters.NewName("group")) with { AllowAutoCreateTopics = false });
        member.Subscribe([topic]);
        (await member.PollAsync(TimeSpan.FromMilliseconds(200)))?.Dispose();
        await cluster.Admin.CreateTopicsAsync([new(topic, 1)]);
        await PollUntilAsync(() => member.Assignment.Count == 1, member);
        await cluster.Admin.CreatePartitionsAsync(new Dictionary<string, int> { [topic] = 3 });
        await PollUntilAsync(() => member.Assignment.Count == 3, member);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_transaction_commits_as_the_member_with_its_epoch_only(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster);
        var partition = new TopicPartition(topic, 0);
        await using var member = Member(cluster, Clusters.NewName("group"));
        member.Subscribe([topic]);
        await PollUntilAsync(() => member.Assignment.Count == 1, member);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { TransactionalId = Clusters.NewName("tx") });
        await producer.InitTransactionsAsync();

        producer.BeginTransaction();
        await producer.SendOffsetsToTransactionAsync(
            new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(5) }, member.GroupMetadata);
        await producer.CommitTransactionAsync();
        Assert.Equal(5, (await member.CommittedAsync([partition]))[partition].Offset);

        producer.BeginTransaction();
        var stale = member.GroupMetadata with { GenerationId = member.GroupMetadata.GenerationId + 7 };
        await Assert.ThrowsAsync<CommitFailedException>(() => producer.SendOffsetsToTransactionAsync(
            new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(6) }, stale));
        await producer.AbortTransactionAsync();
        Assert.Equal(5, (await member.CommittedAsync([partition]))[partition].Offset);
    }

    [Theory]
    [OnKafka]
    [OnEmbedded]
    public async Task A_group_changes_its_protocol_while_it_reads(string kind)
    {
        await using var cluster = await clusters.OpenAsync(kind);
        var topic = await Clusters.CreateTopicAsync(cluster, 2);
        var group = Clusters.NewName("group");
        var classic = cluster.CreateConsumer(OptionsOf(group) with
        {
            GroupProtocol = GroupProtocol.Classic, HeartbeatInterval = TimeSpan.FromMilliseconds(200), SessionTimeout = TimeSpan.FromSeconds(10),
        });
        classic.Subscribe([topic]);
        await PollUntilAsync(() => classic.Assignment.Count == 2, classic);
        await using var member = Member(cluster, group);
        member.Subscribe([topic]);
        await PollUntilAsync(() => classic.Assignment.Count == 1 && member.Assignment.Count == 1, classic, member);
        await classic.DisposeAsync();
        await PollUntilAsync(() => member.Assignment.Count == 2, member);
    }

    private static ConsumerOptions OptionsOf(string group, string? instance = null) => new()
    {
        GroupId = group,
        GroupInstanceId = instance,
        GroupProtocol = GroupProtocol.Consumer,
        AutoOffsetReset = AutoOffsetReset.Earliest,
    };

    private static IConsumer Member(ICluster cluster, string group, string? instance = null) => cluster.CreateConsumer(OptionsOf(group, instance));

    private static async Task SendAsync(ICluster cluster, string topic, int partitions, int count, int first = 0)
    {
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await Task.WhenAll(Enumerable.Range(first, count)
            .Select(i => producer.SendAsync(Clusters.Record(topic, null, $"{i}", i % partitions)).AsTask()));
    }

    private static async Task ReadAndCommitAsync(List<IConsumer> members, List<string> seen, Func<bool> isDone)
    {
        using var patience = new CancellationTokenSource(Clusters.Patience);
        while (!isDone())
        {
            foreach (var member in members)
            {
                using var batch = await member.PollAsync(TimeSpan.FromMilliseconds(20), patience.Token);
                if (batch is not null)
                {
                    seen.AddRange(Clusters.RecordsOf(batch).Select(r => r.Value!));
                    await member.CommitAsync(patience.Token);
                }
            }
        }
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
        public int Assigned { get; private set; }

        public int Revoked { get; private set; }

        public int Lost { get; private set; }

        public ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
        {
            Assigned += partitions.Count;
            return default;
        }

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
