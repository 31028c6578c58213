using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Broker.Tests.Transactions;

/// <summary>What is forgotten of producers, and when.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public async Task Transactional_id_is_forgotten_when_it_has_not_been_used_for_long_but_not_in_a_transaction()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(
            o => o with { TransactionAbortCheckIntervalMs = 20, TransactionalIdExpirationMs = 1000, TransactionMaxTimeoutMs = 1_000_000 },
            new BrokerEnvironment { Time = clock });
        await broker.CreateTopicAsync("t");
        await InitAsync(broker, "idle");
        var (id, epoch) = await InitAsync(broker, "open");
        await broker.SendAsync(
            new AddPartitionsToTxnRequest
            {
                V3AndBelowTransactionalId = "open",
                V3AndBelowProducerId = id,
                V3AndBelowProducerEpoch = epoch,
                V3AndBelowTopics = [new() { Name = "t", Partitions = [0] }],
            },
            3);

        clock.Advance(TimeSpan.FromSeconds(10));
        await ReachAsync(async () => (await ListedAsync(broker)).SequenceEqual(["open"]));

        // A producer that comes back too late is told that nobody knows it.
        var ended = await broker.SendAsync(new EndTxnRequest { TransactionalId = "idle", ProducerId = 1, Committed = true }, 3);
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, ended.ErrorCode);
    }

    [Fact]
    public async Task Idle_producer_is_forgotten_after_its_time()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(
            o => o with { ProducerIdExpirationMs = 5000, RetentionCheckIntervalMs = 1000, LogInitialTaskDelayMs = 0 },
            new BrokerEnvironment { Time = clock });
        await broker.CreateTopicAsync("t", 1, ("message.timestamp.after.max.ms", $"{long.MaxValue}"), ("retention.ms", "-1"));
        var options = new RecordBatchOptions { ProducerId = 9, ProducerEpoch = 0, BaseSequence = 0 };
        using var builder = new RecordBatchBuilder();
        builder.Append(clock.NowMs, true, "k"u8, true, "v"u8, Headers.Empty);
        Assert.Equal(ErrorCode.None, (await broker.ProduceAsync("t", 0, builder.Finish(options).ToArray())).ErrorCode);
        Assert.Equal(1, await ProducersAsync(broker));

        clock.Advance(TimeSpan.FromSeconds(10));
        await ReachAsync(async () => await ProducersAsync(broker) == 0);
    }

    private static async Task ReachAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task<IEnumerable<string>> ListedAsync(TestBroker broker) =>
        (await broker.SendAsync(new ListTransactionsRequest())).TransactionStates.Select(t => t.TransactionalId);

    private static async Task<int> ProducersAsync(TestBroker broker)
    {
        var response = await broker.SendAsync(new DescribeProducersRequest { Topics = [new() { Name = "t", PartitionIndexes = [0] }] });
        return response.Topics[0].Partitions[0].ActiveProducers.Count;
    }

    private static async Task<(long Id, short Epoch)> InitAsync(TestBroker broker, string transactionalId)
    {
        var response = await broker.SendAsync(
            new InitProducerIdRequest { TransactionalId = transactionalId, TransactionTimeoutMs = 900_000 });
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return (response.ProducerId, response.ProducerEpoch);
    }
}
