using System.Buffers.Binary;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>Records: written, read and looked for, rightly and wrongly.</summary>
internal static class DataExchanges
{
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public static IEnumerable<Exchange> All() =>
    [
        new("topics of records", 7, () => new CreateTopicsRequest
        {
            Topics =
            [
                Topic("r"), Topic("odd"), Topic("compacted", ("cleanup.policy", "compact")), Topic("small", ("max.message.bytes", "200")),
                Topic("stamped", ("message.timestamp.type", "LogAppendTime")), Topic("zipped", ("compression.type", "gzip")),
                Topic("bounded", ("message.timestamp.before.max.ms", "1000000"), ("message.timestamp.after.max.ms", "1000000")),
            ],
        }),
        .. Produce(), .. BadBatches(), .. Fetch(), .. Offsets(), .. Delete(),
    ];

    private static IEnumerable<Exchange> Produce() =>
    [
        Produce("produce", "r", Batch(2)),
        Produce("produce acks=1", "r", Batch(1), acks: 1),
        Produce("produce v3", "r", Batch(1), version: 3),
        Produce("produce zipped", "r", Batch(3, CompressionType.Gzip)),
        Produce("produce acks=0 well", "r", Batch(1), acks: 0),
        Produce("produce acks=0 badly", "nowhere", Batch(1), acks: 0),
        Produce("produce acks=2", "r", Batch(1), acks: 2),
        Produce("produce to nowhere", "nowhere", Batch(1)),
        Produce("produce to a partition that is not there", "r", Batch(1), partition: 7),
        Produce("produce to a negative partition", "r", Batch(1), partition: -1),
        Produce("produce to an internal topic", "__consumer_offsets", Batch(1)),
        Produce("produce without a key to a compacted topic", "compacted", Batch(2)),
        Produce("produce with a key to a compacted topic", "compacted", Batch(2, key: "k")),
        Produce("produce too much", "small", Batch(30)),
        Produce("produce stamped", "stamped", Batch(1)),
        Produce("produce to be zipped", "zipped", Batch(3)),
        Produce("produce too old", "bounded", Batch(2, timestamp: Now - 10_000_000)),
        Produce("produce too new", "bounded", Batch(2, timestamp: Now + 10_000_000)),
        Produce("produce too new by default", "r", Batch(1, timestamp: Now + 10_000_000)),
        Produce("produce nothing", "r", []),
        Produce("produce null", "r", null),
        new("produce by unknown id", 13, () => new ProduceRequest
        {
            Acks = 1,
            TimeoutMs = 1000,
            TopicData = [new() { TopicId = new Guid("0b0d1111-2222-4333-8444-555566667777"), PartitionData = [new() { Records = Batch(1) }] }],
        }),
        new("produce to no topic", 9, () => new ProduceRequest { Acks = 1, TimeoutMs = 1000 }),
    ];

    private static IEnumerable<Exchange> BadBatches() =>
    [
        Produce("two batches", "r", [.. Batch(1), .. Batch(1)]),
        Produce("half a batch", "r", Batch(2)[..70]),
        Produce("less than a header", "r", Batch(2)[..30]),
        Produce("wrong checksum", "r", Batch(2, change: (b, _) => b[^1] ^= 1, sign: false)),
        Produce("magic 1", "r", Batch(2, change: (b, _) => b[16] = 1)),
        Produce("magic 3", "r", Batch(2, change: (b, _) => b[16] = 3)),
        Produce("codec 5", "r", Batch(2, change: (b, _) => b[22] = 5)),
        Produce("codec 7", "r", Batch(2, change: (b, _) => b[22] = 7)),
        Produce("control", "r", Batch(1, change: (b, _) => b[22] = 32)),
        Produce("delete horizon", "r", Batch(1, change: (b, _) => b[22] = 64)),
        Produce("unknown attribute", "r", Batch(1, change: (b, _) => b[21] = 1)),
        Produce("count too high", "r", Batch(2, change: (b, _) => SetInt(b, 57, 3))),
        Produce("count too low", "r", Batch(2, change: (b, _) => SetInt(b, 57, 1))),
        Produce("count 0", "r", Batch(2, change: (b, _) => SetInt(b, 57, 0))),
        Produce("count negative", "r", Batch(2, change: (b, _) => SetInt(b, 57, -1))),
        Produce("both counts too high", "r", Batch(2, change: (b, _) => { SetInt(b, 57, 3); SetInt(b, 23, 2); })),
        Produce("both counts too low", "r", Batch(2, change: (b, _) => { SetInt(b, 57, 1); SetInt(b, 23, 0); })),
        Produce("last delta negative", "r", Batch(2, change: (b, _) => SetInt(b, 23, -1))),
        Produce("base offset 7", "r", Batch(2, change: (b, _) => b[7] = 7)),
        Produce("length too long", "r", Batch(2, change: (b, _) => SetInt(b, 8, b.Length))),
        Produce("length too short", "r", Batch(2, change: (b, _) => SetInt(b, 8, b.Length - 14))),
        Produce("wrong max timestamp", "r", Batch(2, change: (b, _) => SetLong(b, 35, Now + 5))),
        Produce("no max timestamp", "r", Batch(2, change: (b, _) => SetLong(b, 35, -1))),
        Produce("broken record length", "r", Batch(2, change: (b, _) => b[61] = 200)),
        Produce("record length 0", "r", Batch(2, change: (b, _) => b[61] = 0)),
        Produce("wrong offset delta", "odd", Batch(2, change: (b, _) => b[64] = 8)),
        Produce("negative key length", "odd", Batch(2, change: (b, _) => b[65] = 5)),
        Produce("garbage zipped", "r", Batch(30, CompressionType.Gzip, change: (b, _) => b[75] ^= 0x55)),
        Produce("not zipped at all", "r", Batch(2, change: (b, _) => b[22] = 1)),
        Produce("producer without epoch", "odd", Batch(1, producer: (5, -1, 0))),
        Produce("producer without sequence", "r", Batch(1, producer: (5, 0, -1))),
        Produce("producer out of order at the start", "r", Batch(1, producer: (77, 0, 5))),
        Produce("producer goes on", "r", Batch(1, producer: (77, 0, 6))),
        Produce("producer again", "r", Batch(1, producer: (77, 0, 6))),
        Produce("producer with a gap", "r", Batch(1, producer: (77, 0, 9))),
        Produce("producer new epoch not at 0", "r", Batch(1, producer: (77, 1, 3))),
        Produce("producer new epoch", "r", Batch(1, producer: (77, 1, 0))),
        Produce("producer old epoch", "r", Batch(1, producer: (77, 0, 7))),
        Produce("transactional without an id", "r", Batch(1, producer: (77, 1, 1), transactional: true)),
    ];

    private static IEnumerable<Exchange> Fetch() =>
    [
        Fetch("fetch", "r", 0),
        Fetch("fetch v4", "r", 0, version: 4),
        Fetch("fetch v11", "r", 0, version: 11),
        Fetch("fetch committed", "r", 0, isolation: 1),
        Fetch("fetch isolation 7", "r", 0, isolation: 7),
        Fetch("fetch at the end", "zipped", 3),
        Fetch("fetch beyond the end", "zipped", 4),
        Fetch("fetch negative", "r", -1),
        Fetch("fetch nowhere", "nowhere", 0),
        Fetch("fetch partition 9", "r", 0, partition: 9),
        Fetch("fetch zero bytes", "r", 0, bytes: 0),
        Fetch("fetch minus one byte", "r", 0, bytes: -1),
        Fetch("fetch as a follower", "r", 0, version: 12, replica: 1),
        Fetch("fetch as another follower", "r", 0, version: 12, replica: 5),
        Fetch("fetch old epoch", "r", 0, epoch: 0),
        Fetch("fetch newer epoch", "r", 0, epoch: 5),
        Fetch("fetch last epoch 0", "r", 1, lastEpoch: 0),
        Fetch("fetch last epoch 9", "r", 1, lastEpoch: 9),
        Fetch("fetch diverged", "zipped", 900, lastEpoch: 0),
        new("fetch nothing", 12, () => new FetchRequest { MaxWaitMs = 0 }),
        new("fetch unknown id", 15, () => new FetchRequest
        {
            MaxWaitMs = 0,
            Topics = [new() { TopicId = new Guid("0b0d1111-2222-4333-8444-555566667777"), Partitions = [new() { PartitionMaxBytes = 10 }] }],
        }),
        new("fetch session unknown", 12, () => new FetchRequest { SessionId = 4711, SessionEpoch = 1 }),
        new("fetch session 0 epoch 1", 12, () => new FetchRequest { SessionId = 0, SessionEpoch = 1 }),
        new("fetch session epoch -2", 12, () => new FetchRequest { SessionId = 5, SessionEpoch = -2 }),
    ];

    private static IEnumerable<Exchange> Offsets() =>
    [
        .. Enumerable.Range(1, 6).SelectMany(t => new[]
        {
            ListOffsets($"offsets -{t} of r", "r", -t, 11), ListOffsets($"offsets -{t} of nothing", "bounded", -t, 11),
        }),
        ListOffsets("offsets -7", "r", -7, 11),
        ListOffsets("offsets -99", "r", -99, 11),
        ListOffsets("offsets -3 in v6", "r", -3, 6),
        ListOffsets("offsets -4 in v7", "r", -4, 7),
        ListOffsets("offsets -5 in v8", "r", -5, 8),
        ListOffsets("offsets -6 in v10", "r", -6, 10),
        ListOffsets("offsets of time 0", "r", 0, 7),
        ListOffsets("offsets of the future", "r", Now + 100_000_000, 7),
        ListOffsets("offsets v1", "r", -1, 1),
        ListOffsets("offsets v4", "r", -2, 4),
        ListOffsets("offsets committed", "r", -1, 7, isolation: 1),
        ListOffsets("offsets of nowhere", "nowhere", -1, 7),
        ListOffsets("offsets of partition 9", "r", -1, 7, partition: 9),
        ListOffsets("offsets newer epoch", "r", -1, 7, epoch: 7),
        ListOffsets("offsets as a follower", "r", -1, 7, replica: 1),
        ListOffsets("offsets as a debugger", "r", -1, 7, replica: -2),
        new("offsets twice", 7, () => new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = "r", Partitions = [new() { Timestamp = -1 }, new() { Timestamp = -2 }] }],
        }),
        Epoch("epoch 0", "zipped", 0),
        Epoch("epoch 5", "zipped", 5),
        Epoch("epoch -1", "zipped", -1),
        Epoch("epoch 0 of nothing", "bounded", 0),
        Epoch("epoch of nowhere", "nowhere", 0),
        Epoch("epoch with a newer leader", "zipped", 0, 3),
        Epoch("epoch as a follower", "zipped", 0, replica: 1),
    ];

    private static IEnumerable<Exchange> Delete() =>
    [
        Delete("delete records", "r", 1),
        Delete("delete records again", "r", 1),
        Delete("delete records below", "r", 0),
        Delete("delete records beyond", "r", 1000),
        Delete("delete records -2", "r", -2),
        Delete("delete records nowhere", "nowhere", 0),
        Delete("delete records of a compacted topic", "compacted", 1),
        Delete("delete records to the end", "r", -1),
        Fetch("fetch below the start", "r", 0),
    ];

    private static CreateTopicsRequest.CreatableTopic Topic(string name, params (string Name, string Value)[] settings) => new()
    {
        Name = name,
        NumPartitions = 1,
        ReplicationFactor = 1,
        Configs = [.. settings.Select(s => new CreateTopicsRequest.CreatableTopicConfig { Name = s.Name, Value = s.Value })],
    };

    private static Exchange Produce(string name, string topic, byte[]? batch, short acks = -1, int partition = 0, short version = 11) =>
        new(name, version, () => new ProduceRequest
        {
            Acks = acks,
            TimeoutMs = 10_000,
            TopicData =
            [
                new()
                {
                    Name = topic,
                    PartitionData = [new() { Index = partition, Records = batch is null ? null : (byte[])batch.Clone() }],
                },
            ],
        });

    private static Exchange Fetch(
        string name,
        string topic,
        long offset,
        short version = 12,
        int partition = 0,
        sbyte isolation = 0,
        int bytes = 1 << 20,
        int replica = -1,
        int epoch = -1,
        int lastEpoch = -1) => new(name, version, () => new FetchRequest
        {
            ReplicaId = replica,
            MinBytes = 1,
            MaxBytes = bytes,
            IsolationLevel = isolation,
            Topics =
            [
                new()
                {
                    Topic = topic,
                    Partitions =
                    [
                        new()
                        {
                            Partition = partition,
                            FetchOffset = offset,
                            PartitionMaxBytes = bytes,
                            CurrentLeaderEpoch = epoch,
                            LastFetchedEpoch = lastEpoch,
                        },
                    ],
                },
            ],
        });

    private static Exchange ListOffsets(
        string name, string topic, long timestamp, short version, int partition = 0, sbyte isolation = 0, int epoch = -1, int replica = -1) =>
        new(name, version, () => new ListOffsetsRequest
        {
            ReplicaId = replica,
            IsolationLevel = isolation,
            Topics =
            [
                new()
                {
                    Name = topic,
                    Partitions = [new() { PartitionIndex = partition, Timestamp = timestamp, CurrentLeaderEpoch = epoch }],
                },
            ],
        });

    private static Exchange Epoch(string name, string topic, int epoch, int current = -1, int replica = -1) =>
        new(name, 4, () => new OffsetForLeaderEpochRequest
        {
            ReplicaId = replica,
            Topics = [new() { Topic = topic, Partitions = [new() { LeaderEpoch = epoch, CurrentLeaderEpoch = current }] }],
        });

    private static Exchange Delete(string name, string topic, long offset) => new(name, 2, () => new DeleteRecordsRequest
    {
        TimeoutMs = 10_000,
        Topics = [new() { Name = topic, Partitions = [new() { Offset = offset }] }],
    });

    private static byte[] Batch(
        int records,
        CompressionType codec = CompressionType.None,
        string? key = null,
        long? timestamp = null,
        (long Id, short Epoch, int Sequence)? producer = null,
        bool transactional = false,
        Action<byte[], int>? change = null,
        bool sign = true)
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < records; i++)
        {
            builder.Append(timestamp ?? Now, key is not null, System.Text.Encoding.UTF8.GetBytes(key ?? ""), true, "value"u8, Headers.Empty);
        }

        var (id, epoch, sequence) = producer ?? (-1, -1, -1);
        var batch = builder.Finish(new RecordBatchOptions
        {
            Compression = codec,
            ProducerId = id,
            ProducerEpoch = epoch,
            BaseSequence = sequence,
            IsTransactional = transactional,
        }).ToArray();
        if (change is not null)
        {
            change(batch, records);
            if (sign)
            {
                BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Compute(batch.AsSpan(21)));
            }
        }

        return batch;
    }

    private static void SetInt(byte[] batch, int position, int value) => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(position), value);

    private static void SetLong(byte[] batch, int position, long value) => BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(position), value);
}
