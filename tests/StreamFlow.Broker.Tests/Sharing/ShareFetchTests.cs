using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Broker.Tests.Sharing.ShareGroupBroker;

namespace StreamFlow.Broker.Tests.Sharing;

public sealed class ShareFetchTests
{
    [Fact]
    public async Task Two_members_share_one_partition_and_no_record_goes_to_both()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");
        await group.JoinAsync("b");
        await group.ProduceAsync("0", "1", "2");
        await group.ProduceAsync("3", "4");

        Assert.Equal("0-2#1", await group.FetchAsync("a", r => r.MaxRecords = 2));
        Assert.Equal("3-4#1", await group.FetchAsync("b"));
        Assert.Equal("", await group.FetchAsync("a"));
        Assert.Equal("", await group.FetchAsync("a", "accept 0-2"));
        Assert.Equal("", await group.AcknowledgeAsync("b", "release 3-3, accept 4-4"));
        Assert.Equal("3 lag 1", await group.OffsetsAsync());
        Assert.Equal("3-3#2", await group.FetchAsync("a"));
        Assert.Equal("", await group.AcknowledgeAsync("a", "accept 3-3"));
        Assert.Equal("5 lag 0", await group.OffsetsAsync());
    }

    [Fact]
    public async Task First_fetch_of_a_group_leaves_other_partitions_to_the_next()
    {
        var group = await StartAsync(partitions: 2);
        await using var broker = group.Broker;
        await broker.ProduceAsync("in", 0, TestBroker.Batch("a"));
        await broker.ProduceAsync("in", 1, TestBroker.Batch("b"));
        await group.JoinAsync("a");

        Assert.Equal([0], await PartitionsAsync());
        Assert.Equal([1], await PartitionsAsync());
        Assert.Empty(await PartitionsAsync());

        async Task<IEnumerable<int>> PartitionsAsync() => (await group.FetchRawAsync("a", r => r.Topics =
        [
            new() { TopicId = group.TopicId, Partitions = [new() { PartitionIndex = 0 }, new() { PartitionIndex = 1 }] },
        ])).Responses.SelectMany(t => t.Partitions).Select(p => p.PartitionIndex);
    }

    [Fact]
    public async Task Fetch_brings_the_very_batches_that_its_records_are_in()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");
        await group.ProduceAsync("0", "1");
        await group.ProduceAsync("2", "3");
        await group.ProduceAsync("4");
        await group.FetchAsync("b", r => r.MaxRecords = 1);

        var response = await group.FetchRawAsync("a", r => r.MaxRecords = 2);
        Assert.Equal("2-3#1", Text(response));
        Assert.Equal(30_000, response.AcquisitionLockTimeoutMs);
        Assert.True(RecordBatchView.TryRead(response.Responses[0].Partitions[0].Records.Span, out var batch));
        Assert.Equal((2, 3), (batch.BaseOffset, batch.LastOffset));
        Assert.Equal(batch.SizeInBytes, response.Responses[0].Partitions[0].Records.Length);
    }

    [Fact]
    public async Task Waiting_fetch_ends_when_records_are_appended_or_given_back()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");

        var appended = group.FetchAsync("a", maxWaitMs: 60_000);
        Assert.False(appended.IsCompleted);
        await group.ProduceAsync("0");
        Assert.Equal("0-0#1", await appended);

        var released = group.FetchAsync("b", maxWaitMs: 60_000);
        Assert.False(released.IsCompleted);
        Assert.Equal("", await group.AcknowledgeAsync("a", "release 0-0"));
        Assert.Equal("0-0#2", await released);
    }

    [Fact]
    public async Task Nobody_whose_connection_is_gone_is_handed_records()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");
        await group.ProduceAsync("0");
        Assert.Equal("", await group.FetchAsync("a", r => r.MaxRecords = 0));

        // Its session is about to end, and what it had is with others already.
        Assert.Equal("", await group.FetchAsync("a", disconnected: new CancellationToken(canceled: true)));

        Assert.Equal("0-0#1", await group.FetchAsync("b"));
    }

    /// <summary>As with Kafka 4.3: the client may be at work on them still, and says what became of them in its new session.</summary>
    [Fact]
    public async Task A_member_that_opens_a_session_anew_keeps_its_records_until_that_connection_ends()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");
        await group.JoinAsync("b");
        await group.ProduceAsync("0", "1", "2");
        using var old = new CancellationTokenSource();
        using var present = new CancellationTokenSource();
        Assert.Equal("0-2#1", await group.FetchAsync("a", disconnected: old.Token));

        group.Forget("a");
        Assert.Equal("", await group.FetchAsync("a", disconnected: present.Token));
        await old.CancelAsync();
        Assert.Equal("", await group.FetchAsync("b"));
        Assert.Equal("", await group.AcknowledgeAsync("a", "accept 0-0"));

        await present.CancelAsync();
        Assert.Equal("1-2#2", await group.FetchAsync("b"));
    }

    [Fact]
    public async Task What_a_new_session_gets_is_not_lost_with_the_old_one()
    {
        var first = await StartAsync(o => o with { GroupShareDeliveryCountLimit = 10 });
        await using var broker = first.Broker;
        await first.JoinAsync("a");
        await first.ProduceAsync([.. Enumerable.Range(0, 2000).Select(i => $"{i}")]);

        await Task.WhenAll("abcd".Select(member => Task.Run(() => ComeAndGoAsync(new ShareGroupBroker(broker, first.TopicId), $"{member}"))));

        static async Task ComeAndGoAsync(ShareGroupBroker group, string member)
        {
            for (var i = 0; i < 100; i++)
            {
                using var old = new CancellationTokenSource();
                await group.FetchAsync(member, Some, disconnected: old.Token);
                group.Forget(member);

                // The member comes back while its old connection ends; it may find that it still has what it had.
                var end = Task.Run(old.Cancel);
                var got = await group.FetchAsync(member, Some);
                if (got.Length > 0)
                {
                    var said = string.Join(", ", got.Split(' ').Select(r => $"accept {r.Split('#')[0]}"));
                    Assert.Equal("", await group.AcknowledgeAsync(member, said));
                }

                await end;
                Assert.Equal("", await group.AcknowledgeAsync(member, "", epoch: -1));
            }
        }

        static void Some(ShareFetchRequest request) => (request.MaxRecords, request.ShareAcquireMode) = (5, 1);
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.JoinAsync("a");
        await group.ProduceAsync("0", "1", "2");

        Assert.Equal("InvalidRequest", await group.FetchAsync("a", r => r.GroupId = null));
        Assert.Equal("InvalidRequest", await group.FetchAsync("a", r => r.MemberId = new string('x', 37)));
        Assert.Equal("InvalidRequest", await group.FetchAsync("a", r => r.IsRenewAck = true));
        Assert.Equal("InvalidRequest", await group.FetchAsync("a", "accept 0-0"));
        Assert.Equal("0-2#1", await group.FetchAsync("a"));
        Assert.Equal("InvalidRequest", await group.AcknowledgeAsync("a", "accept 2-0"));
        Assert.Equal("InvalidRequest", await group.AcknowledgeAsync("a", "accept 1-2, accept 0-0"));
        Assert.Equal("InvalidRequest", await group.AcknowledgeAsync("a", "accept 0-3"));
        Assert.Equal("UnknownTopicId", await group.FetchAsync(
            "a", r => r.Topics = [new() { TopicId = Guid.NewGuid(), Partitions = [new() { PartitionIndex = 0 }] }]));
    }

    [Fact]
    public async Task Aborted_records_are_left_out_when_the_group_reads_committed_ones()
    {
        var group = await StartAsync();
        await using var broker = group.Broker;
        await group.ConfigureAsync("share.isolation.level", "read_committed");
        await group.JoinAsync("a");
        await WriteAsync(broker, "t", "lost", commit: false);
        await WriteAsync(broker, "t", "kept", commit: true);

        var response = await group.FetchRawAsync("a");
        Assert.Equal("2-2#1", Text(response));
        Assert.Equal("", await group.AcknowledgeAsync("a", "accept 2-2"));
        Assert.Equal("", await group.FetchAsync("a"));
        Assert.Equal("4 lag 0", await group.OffsetsAsync());
    }

    [Fact]
    public async Task Group_goes_on_after_a_restart_where_it_was()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"share-{Guid.NewGuid():N}");
        try
        {
            static BrokerOptions Often(BrokerOptions o) => o with { ShareStateUpdatesPerSnapshot = 2 };
            var group = await StartAsync(Often, directory: directory);
            await group.JoinAsync("a");
            await group.ProduceAsync("0", "1", "2", "3", "4", "5");
            Assert.Equal("0-5#1", await group.FetchAsync("a"));
            foreach (var said in (string[])["accept 0-0", "release 4-4", "reject 2-2", "accept 1-1"])
            {
                Assert.Equal("", await group.AcknowledgeAsync("a", said));
            }

            group = await RestartAsync(group, directory, Often);
            Assert.Equal("3 lag 3", await group.OffsetsAsync());
            Assert.Equal("3-3#1 4-4#2 5-5#1", await group.FetchAsync("b"));
            Assert.Equal("", await group.AcknowledgeAsync("b", "accept 3-5"));

            group = await RestartAsync(group, directory, Often);
            Assert.Equal("", await group.FetchAsync("b"));
            Assert.Equal("6 lag 0", await group.OffsetsAsync());
            await group.Broker.DisposeAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Log_of_states_lets_go_of_what_snapshots_have_made_superfluous()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"share-{Guid.NewGuid():N}");
        try
        {
            static BrokerOptions Often(BrokerOptions o) => o with { ShareStateUpdatesPerSnapshot = 3, ShareStateTopicNumPartitions = 1 };
            var group = await StartAsync(Often, directory: directory);
            await group.JoinAsync("a");
            await group.ProduceAsync([.. Enumerable.Range(0, 20).Select(i => $"{i}")]);
            await group.FetchAsync("a");
            for (var i = 0; i < 9; i++)
            {
                Assert.Equal("", await group.AcknowledgeAsync("a", $"accept {2 * i}-{2 * i}"));
            }

            var before = await StartOfStatesAsync(group.Broker);
            group.Broker.Server.ShareStates.Prune();
            Assert.Equal(0, before);
            Assert.InRange(await StartOfStatesAsync(group.Broker), 9, 14);

            group = await RestartAsync(group, directory, Often);
            Assert.Equal("1 lag 11", await group.OffsetsAsync());
            Assert.Equal("1-1#1", await group.FetchAsync("b", r => (r.MaxRecords, r.ShareAcquireMode) = (1, 1)));
            await group.Broker.DisposeAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<long> StartOfStatesAsync(TestBroker broker)
    {
        var response = await broker.SendAsync(new ListOffsetsRequest
        {
            Topics = [new() { Name = "__share_group_state", Partitions = [new() { Timestamp = -2, CurrentLeaderEpoch = -1 }] }],
        });
        return response.Topics[0].Partitions[0].Offset;
    }

    private static async Task WriteAsync(TestBroker broker, string id, string value, bool commit)
    {
        var producer = await broker.SendAsync(new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = 60_000 }, 4);
        var options = new RecordBatchOptions
        {
            IsTransactional = true, ProducerId = producer.ProducerId, ProducerEpoch = producer.ProducerEpoch, BaseSequence = 0,
        };
        await broker.SendAsync(new AddPartitionsToTxnRequest
        {
            V3AndBelowTransactionalId = id,
            V3AndBelowProducerId = producer.ProducerId,
            V3AndBelowProducerEpoch = producer.ProducerEpoch,
            V3AndBelowTopics = [new() { Name = "in", Partitions = [0] }],
        }, 3);
        await broker.ProduceAsync("in", 0, TestBroker.Batch(options, value), transactionalId: id);
        await broker.SendAsync(new EndTxnRequest
        {
            TransactionalId = id, ProducerId = producer.ProducerId, ProducerEpoch = producer.ProducerEpoch, Committed = commit,
        }, 3);
    }
}
