using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Handlers;

public sealed class TransactionHandlersTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_and_offsets_of_a_transaction_appear_with_its_commit_or_never(bool isCommit)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(broker);
        await AddAsync(broker, id, epoch);
        var produced = await broker.ProduceAsync("t", 0, Batch(id, epoch, 0, "a"), transactionalId: "x");
        Assert.Equal(ErrorCode.None, produced.ErrorCode);
        await broker.SendAsync(new AddOffsetsToTxnRequest { TransactionalId = "x", ProducerId = id, ProducerEpoch = epoch, GroupId = "g" });
        var committed = await broker.SendAsync(new TxnOffsetCommitRequest
        {
            TransactionalId = "x",
            ProducerId = id,
            ProducerEpoch = epoch,
            GroupId = "g",
            Topics = [new() { Name = "t", Partitions = [new() { CommittedOffset = 7 }] }],
        });
        Assert.Equal(ErrorCode.None, committed.Topics[0].Partitions[0].ErrorCode);

        Assert.Equal(["a"], TestBroker.Values(await broker.FetchAsync("t", 0, 0)));
        Assert.Empty(TestBroker.Values(await broker.FetchAsync("t", 0, 0, committed: true)));
        Assert.Equal((ErrorCode.UnstableOffsetCommit, -1L), await OffsetAsync(broker, requireStable: true));
        Assert.Equal((ErrorCode.None, -1L), await OffsetAsync(broker, requireStable: false));

        Assert.Equal(ErrorCode.None, await EndAsync(broker, id, epoch, isCommit));

        var fetched = await broker.FetchAsync("t", 0, 0, committed: true);
        Assert.Equal((ErrorCode.None, 2L, 2L), (fetched.ErrorCode, fetched.HighWatermark, fetched.LastStableOffset));
        Assert.Equal(["a"], TestBroker.Values(fetched));
        Assert.Equal(isCommit ? 0 : 1, fetched.AbortedTransactions!.Count);
        Assert.Equal((ErrorCode.None, isCommit ? 7L : -1L), await OffsetAsync(broker, requireStable: true));
    }

    [Fact]
    public async Task Partition_that_was_not_added_takes_no_transactional_records()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(broker);

        Assert.Equal(ErrorCode.TransactionAbortable, (await broker.ProduceAsync("t", 0, Batch(id, epoch, 0, "a"),
            transactionalId: "x")).ErrorCode);
    }

    [Fact]
    public async Task New_incarnation_aborts_what_the_old_one_left_open()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(broker);
        await AddAsync(broker, id, epoch);
        await broker.ProduceAsync("t", 0, Batch(id, epoch, 0, "a"), transactionalId: "x");

        var (newId, newEpoch) = await InitAsync(broker);

        Assert.Equal(id, newId);
        Assert.True(newEpoch > epoch);
        Assert.Equal(ErrorCode.ProducerFenced, await EndAsync(broker, id, epoch, isCommit: true));
        Assert.Single((await broker.FetchAsync("t", 0, 0, committed: true)).AbortedTransactions!);
    }

    [Fact]
    public async Task Groups_offsets_and_transactions_survive_a_restart()
    {
        await using var first = await TestBroker.StartAsync();
        await first.CreateTopicAsync("t");
        var (id, epoch) = await InitAsync(first);
        await AddAsync(first, id, epoch);
        await first.ProduceAsync("t", 0, Batch(id, epoch, 0, "a"), transactionalId: "x");
        await first.SendAsync(
            new OffsetCommitRequest
            {
                GroupId = "g",
                GenerationIdOrMemberEpoch = -1,
                Topics = [new() { Name = "t", Partitions = [new() { CommittedOffset = 3, CommittedMetadata = "m" }] }],
            },
            9);
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory);

        Assert.Equal((ErrorCode.None, 3L), await OffsetAsync(second, requireStable: true));
        Assert.Empty(TestBroker.Values(await second.FetchAsync("t", 0, 0, committed: true)));
        Assert.Equal(ErrorCode.None, await EndAsync(second, id, epoch, isCommit: true));
        Assert.Equal(["a"], TestBroker.Values(await second.FetchAsync("t", 0, 0, committed: true)));
        Assert.NotEqual(id, (await second.SendAsync(new InitProducerIdRequest())).ProducerId);
    }

    private static byte[] Batch(long producerId, short epoch, int sequence, string value) => TestBroker.Batch(
        new RecordBatchOptions { IsTransactional = true, ProducerId = producerId, ProducerEpoch = epoch, BaseSequence = sequence }, value);

    private static async Task<(long Id, short Epoch)> InitAsync(TestBroker broker)
    {
        while (true)
        {
            var response = await broker.SendAsync(new InitProducerIdRequest { TransactionalId = "x", TransactionTimeoutMs = 60_000 });
            if (response.ErrorCode != ErrorCode.ConcurrentTransactions)
            {
                Assert.Equal(ErrorCode.None, response.ErrorCode);
                return (response.ProducerId, response.ProducerEpoch);
            }
        }
    }

    private static async Task AddAsync(TestBroker broker, long id, short epoch)
    {
        var response = await broker.SendAsync(
            new AddPartitionsToTxnRequest
            {
                V3AndBelowTransactionalId = "x",
                V3AndBelowProducerId = id,
                V3AndBelowProducerEpoch = epoch,
                V3AndBelowTopics = [new() { Name = "t", Partitions = [0] }],
            },
            3);
        Assert.Equal(ErrorCode.None, response.ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode);
    }

    private static async Task<ErrorCode> EndAsync(TestBroker broker, long id, short epoch, bool isCommit) => (await broker.SendAsync(
        new EndTxnRequest { TransactionalId = "x", ProducerId = id, ProducerEpoch = epoch, Committed = isCommit }, 4)).ErrorCode;

    private static async Task<(ErrorCode Error, long Offset)> OffsetAsync(TestBroker broker, bool requireStable)
    {
        var response = await broker.SendAsync(
            new OffsetFetchRequest { GroupId = "g", RequireStable = requireStable, Topics = [new() { Name = "t",
                PartitionIndexes = [0] }] }, 7);
        var partition = response.Topics[0].Partitions[0];
        return (partition.ErrorCode, partition.CommittedOffset);
    }
}
