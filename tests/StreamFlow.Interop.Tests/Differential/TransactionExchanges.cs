using System.Text;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>
/// Transactions of both versions, rightly and wrongly. Producer ids differ, so each broker is asked with its own. A batch that Kafka could
/// not verify leaves its sequence behind as a bound for later ones, so such batches go to partitions that are done with.
/// </summary>
internal static class TransactionExchanges
{
    private const string Id = "diff-tx";
    private const string Old = "diff-tx-old";
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public static IEnumerable<Exchange> All() =>
    [
        new("topics of transactions", 7, () => new CreateTopicsRequest { Topics = [Topic("tx"), Topic("tx2"), Topic("tx3"), Topic("tx4")] }),
        new("find coordinator of transactions", 4, () => new FindCoordinatorRequest { KeyType = 1, CoordinatorKeys = [Id, Old] })
        {
            IsRepeated = true,
        },
        .. WithEpochs(), .. WithoutEpochs(), .. Administration(),
    ];

    private static IEnumerable<Exchange> WithEpochs() =>
    [
        Begin("begin", Id),
        Write("first batch not at zero", "tx", epoch: 0, sequence: 5),
        Write("first batch", "tx", epoch: 0, sequence: 0),
        Write("gap in a transaction", "tx", epoch: 0, sequence: 3),
        Write("second batch", "tx", epoch: 0, sequence: 1),
        Write("first batch again", "tx", epoch: 0, sequence: 0),
        Write("batch outside of the transaction", "tx", epoch: 0, sequence: 2, transactional: false),
        Write("batch of a newer epoch", "tx", epoch: 1, sequence: 0),
        Write("batch to nowhere", "nowhere", epoch: 0, sequence: 0),
        End("commit", Id, 0, isCommit: true),
        End("commit again", Id, 0, isCommit: true),
        End("abort what is committed", Id, 0, isCommit: false),
        Write("late batch", "tx", epoch: 0, sequence: 2),
        Write("next transaction not at zero", "tx", epoch: 1, sequence: 2),
        Write("next transaction", "tx", epoch: 1, sequence: 0),
        Write("next transaction elsewhere not at zero", "tx2", epoch: 1, sequence: 1),
        Write("next transaction elsewhere", "tx2", epoch: 1, sequence: 0),
        End("abort with an old epoch", Id, 0, isCommit: false),
        End("abort with a new epoch", Id, 5, isCommit: false),
        End("abort", Id, 1, isCommit: false),
        End("abort again", Id, 1, isCommit: false),
        End("abort nothing", Id, 2, isCommit: false),
        End("commit nothing", Id, 3, isCommit: true),
        Begin("begin anew", Id),
    ];

    private static IEnumerable<Exchange> WithoutEpochs() =>
    [
        Begin("begin old", Old),
        Write("old batch that was not added v10", "tx4", 0, 0, Old, version: 10),
        Write("old batch that was not added v11", "tx4", 0, 0, Old, version: 11),
        Add("add partition", Old, 0, "tx3"),
        Add("add partition again", Old, 0, "tx3"),
        Add("add partition of nowhere", Old, 0, "nowhere"),
        Add("add partition with a new epoch", Old, 3, "tx3"),
        Add("add partition of an unknown id", "nobody", 0, "tx3"),
        Write("old first batch at seven", "tx3", 0, 7, Old, version: 11),
        Write("old gap", "tx3", 0, 9, Old, version: 11),
        Write("old second batch", "tx3", 0, 8, Old, version: 11),
        End("old commit of an unknown id", "nobody", 0, isCommit: true, version: 3),
        End("old commit with a new epoch", Old, 4, isCommit: true, version: 3),
        End("old commit", Old, 0, isCommit: true, version: 3),
        End("old commit again", Old, 0, isCommit: true, version: 3),
        End("old abort of what is committed", Old, 0, isCommit: false, version: 3),
        Add("add partition next", Old, 0, "tx3"),
        Write("old next transaction", "tx3", 0, 9, Old, version: 11),
        End("old abort", Old, 0, isCommit: false, version: 3),
    ];

    private static IEnumerable<Exchange> Administration() =>
    [
        new("begin with an empty id", 4, () => new InitProducerIdRequest { TransactionalId = "", TransactionTimeoutMs = 1000 }),
        new("begin without a timeout", 4, () => new InitProducerIdRequest { TransactionalId = Id, TransactionTimeoutMs = 0 }),
        new("begin with a long timeout", 4, () => new InitProducerIdRequest { TransactionalId = Id, TransactionTimeoutMs = 2_000_000 }),
        new("begin with an unknown producer", 4, () => new InitProducerIdRequest
        {
            TransactionalId = Id,
            TransactionTimeoutMs = 1000,
            ProducerId = 99_999,
            ProducerEpoch = 3,
        }),
        new("describe transactions", 0, () => new DescribeTransactionsRequest { TransactionalIds = [Id, Old, "nobody", ""] }),
        new("list transactions", 2, () => new ListTransactionsRequest()),
        new("list transactions in a state", 2, () => new ListTransactionsRequest { StateFilters = ["CompleteAbort", "Sleeping"] }),
        new("list transactions by a pattern", 2, () => new ListTransactionsRequest { TransactionalIdPattern = ".*-old" }),
        new("list transactions by a bad pattern", 2, () => new ListTransactionsRequest { TransactionalIdPattern = "[" }),
        new("describe producers", 0, () => new DescribeProducersRequest
        {
            Topics = [new() { Name = "tx", PartitionIndexes = [0, 9] }, new() { Name = "nowhere", PartitionIndexes = [0] }],
        }),
    ];

    private static CreateTopicsRequest.CreatableTopic Topic(string name) => new() { Name = name, NumPartitions = 1, ReplicationFactor = 1 };

    private static Exchange Begin(string name, string id) =>
        new(name, 4, () => new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = 60_000 }) { IsRepeated = true };

    private static Exchange Write(
        string name, string topic, short epoch, int sequence, string id = Id, short version = 12, bool transactional = true) =>
        new(name, version, answers => new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 10_000,
            TransactionalId = id,
            TopicData =
            [
                new() { Name = topic, PartitionData = [new() { Records = Batch(ProducerOf(answers, id), epoch, sequence, transactional) }] },
            ],
        }) { IsRepeated = true };

    private static Exchange End(string name, string id, short epoch, bool isCommit, short version = 5) =>
        new(name, version, answers => new EndTxnRequest
        {
            TransactionalId = id,
            ProducerId = ProducerOf(answers, id),
            ProducerEpoch = epoch,
            Committed = isCommit,
        }) { IsRepeated = true };

    private static Exchange Add(string name, string id, short epoch, string topic) => new(name, 3, answers => new AddPartitionsToTxnRequest
    {
        V3AndBelowTransactionalId = id,
        V3AndBelowProducerId = ProducerOf(answers, id),
        V3AndBelowProducerEpoch = epoch,
        V3AndBelowTopics = [new() { Name = topic, Partitions = [0] }],
    });

    private static long ProducerOf(IReadOnlyDictionary<string, IResponse> answers, string id) =>
        ((InitProducerIdResponse)answers[id == Id ? "begin" : "begin old"]).ProducerId;

    private static byte[] Batch(long producerId, short epoch, int sequence, bool transactional)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(Now, false, default, true, Encoding.UTF8.GetBytes("value"), Headers.Empty);
        return builder.Finish(new RecordBatchOptions
        {
            ProducerId = producerId,
            ProducerEpoch = epoch,
            BaseSequence = sequence,
            IsTransactional = transactional,
        }).ToArray();
    }
}
