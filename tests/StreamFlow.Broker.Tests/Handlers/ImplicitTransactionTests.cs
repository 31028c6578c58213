using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Handlers;

/// <summary>Transactions version 2 (KIP-890): nobody adds partitions, and each transaction has an epoch of its own.</summary>
public sealed class ImplicitTransactionTests
{
    [Fact]
    public async Task Records_and_offsets_join_the_transaction_by_themselves()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(broker);

        Assert.Equal(ErrorCode.None, await ProduceAsync(broker, id, epoch, 0, "a"));
        Assert.Equal(ErrorCode.None, await CommitOffsetAsync(broker, id, epoch, version: 5));
        Assert.Empty(TestBroker.Values(await broker.FetchAsync("t", 0, 0, committed: true)));
        var ended = await EndAsync(broker, id, epoch, isCommit: true);

        Assert.Equal((ErrorCode.None, id, (short)(epoch + 1)), (ended.ErrorCode, ended.ProducerId, ended.ProducerEpoch));
        Assert.Equal(["a"], TestBroker.Values(await broker.FetchAsync("t", 0, 0, committed: true)));
        var fetched = await broker.SendAsync(new OffsetFetchRequest { Groups = [new() { GroupId = "g", Topics = null }] }, 9);
        Assert.Equal(7, fetched.Groups[0].Topics[0].Partitions[0].CommittedOffset);

        // What comes late from the transaction that is over does not get into the next one.
        Assert.Equal(ErrorCode.InvalidProducerEpoch, await ProduceAsync(broker, id, epoch, 1, "late"));
        Assert.Equal(ErrorCode.None, await ProduceAsync(broker, id, ended.ProducerEpoch, 0, "b"));
        Assert.Equal(ErrorCode.None, (await EndAsync(broker, id, ended.ProducerEpoch, isCommit: false)).ErrorCode);
        Assert.Equal(["a", "b"], TestBroker.Values(await broker.FetchAsync("t", 0, 0)));
        Assert.Single((await broker.FetchAsync("t", 0, 0, committed: true)).AbortedTransactions!);
    }

    [Fact]
    public async Task Requests_sent_without_waiting_are_appended_in_their_order()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(broker);
        for (var round = 0; round < 5; round++)
        {
            var sent = Enumerable.Range(0, 5).Select(i => ProduceAsync(broker, id, epoch, i, $"{round}{i}")).ToArray();
            Assert.All(await Task.WhenAll(sent), e => Assert.Equal(ErrorCode.None, e));
            epoch = (await EndAsync(broker, id, epoch, isCommit: true)).ProducerEpoch;
        }

        Assert.Equal(
            Enumerable.Range(0, 25).Select(i => $"{i / 5}{i % 5}"), TestBroker.Values(await broker.FetchAsync("t", 0, 0, committed: true)));
    }

    [Fact]
    public async Task Old_versions_have_to_add_partitions_and_are_told_so_in_words_they_know()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(broker);

        Assert.Equal(ErrorCode.InvalidTxnState, await ProduceAsync(broker, id, epoch, 0, "a", version: 10));
        Assert.Equal(ErrorCode.TransactionAbortable, await ProduceAsync(broker, id, epoch, 0, "a", version: 11));
        Assert.Equal(ErrorCode.InvalidTxnState, await CommitOffsetAsync(broker, id, epoch, version: 3));
        Assert.Equal(ErrorCode.TransactionAbortable, await CommitOffsetAsync(broker, id, epoch, version: 4));
    }

    [Fact]
    public async Task First_batch_of_a_transaction_in_a_partition_begins_at_zero()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(broker);

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, await ProduceAsync(broker, id, epoch, 4, "a"));
        Assert.Equal(ErrorCode.None, await ProduceAsync(broker, id, epoch, 0, "a"));
    }

    [Fact]
    public async Task Epoch_after_a_transaction_survives_a_restart()
    {
        await using var first = await TestBroker.StartAsync();
        await first.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(first);
        await ProduceAsync(first, id, epoch, 0, "a");
        var ended = await EndAsync(first, id, epoch, isCommit: true);
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory);

        Assert.Equal(ended.ProducerEpoch, (await EndAsync(second, id, epoch, isCommit: true)).ProducerEpoch);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, await ProduceAsync(second, id, epoch, 1, "late"));
        Assert.Equal(ErrorCode.None, await ProduceAsync(second, id, ended.ProducerEpoch, 0, "b"));
    }

    [Fact]
    public async Task Feature_that_clients_ask_for_is_on()
    {
        await using var broker = await TestBroker.StartAsync();

        var versions = await broker.SendAsync(new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" });

        Assert.Equal(
            [("group.version", 1), ("share.version", 1), ("streams.version", 1), ("transaction.version", 2)],
            versions.FinalizedFeatures.Select(f => (f.Name, (int)f.MaxVersionLevel)).Order());
    }

    private static async Task<(long Id, short Epoch)> InitAsync(TestBroker broker)
    {
        var response = await broker.SendAsync(new InitProducerIdRequest { TransactionalId = "x", TransactionTimeoutMs = 60_000 });
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return (response.ProducerId, response.ProducerEpoch);
    }

    private static async Task<ErrorCode> ProduceAsync(
        TestBroker broker, long id, short epoch, int sequence, string value, short version = 12)
    {
        var options = new RecordBatchOptions { IsTransactional = true, ProducerId = id, ProducerEpoch = epoch, BaseSequence = sequence };
        var response = await broker.SendAsync(
            new ProduceRequest
            {
                Acks = -1,
                TransactionalId = "x",
                TopicData = [new() { Name = "t", PartitionData = [new() { Records = TestBroker.Batch(options, value) }] }],
            },
            version);
        return response.Responses[0].PartitionResponses[0].ErrorCode;
    }

    private static async Task<ErrorCode> CommitOffsetAsync(TestBroker broker, long id, short epoch, short version)
    {
        var response = await broker.SendAsync(
            new TxnOffsetCommitRequest
            {
                TransactionalId = "x",
                ProducerId = id,
                ProducerEpoch = epoch,
                GroupId = "g",
                Topics = [new() { Name = "t", Partitions = [new() { CommittedOffset = 7 }] }],
            },
            version);
        return response.Topics[0].Partitions[0].ErrorCode;
    }

    private static Task<EndTxnResponse> EndAsync(TestBroker broker, long id, short epoch, bool isCommit) => broker.SendAsync(
        new EndTxnRequest { TransactionalId = "x", ProducerId = id, ProducerEpoch = epoch, Committed = isCommit });
}
