using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Client.Producing;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Integration;

[Collection(ClustersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class ConnectionCutTests(Clusters clusters)
{
    private const int Count = 3000;

    /// <summary>More rounds for a hunt: <c>STREAMFLOW_CUT_ROUNDS</c>; one round again: <c>STREAMFLOW_SEED</c>.</summary>
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("STREAMFLOW_CUT_ROUNDS") ?? "3");

    private static readonly int Root =
        Environment.GetEnvironmentVariable("STREAMFLOW_SEED") is { } given ? int.Parse(given) : Environment.TickCount;

    [Fact]
    public async Task Idempotent_records_are_written_once_and_in_order_across_cut_connections()
    {
        for (var seed = Root; seed < Root + Rounds; seed++)
        {
            await using var cluster = await OpenAsync(seed, static r => r is ProduceRequest);
            var partition = new TopicPartition(await Clusters.CreateTopicAsync(cluster), 0);
            await ProduceAsync(cluster, partition);
            await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest });
            consumer.Assign([partition]);
            Assert.True(Count == (await consumer.EndOffsetsAsync([partition]))[partition], $"seed {seed}");
            var records = await ReadAsync(consumer, partition, seed);
            var wrong = records.FindIndex(r => r.Timestamp != r.Offset);
            Assert.True(wrong < 0, $"seed {seed}: from offset {wrong} on {string.Join(',', records.Skip(wrong).Take(40).Select(r => r.Timestamp))}");
        }
    }

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task A_group_reads_everything_once_and_in_order_across_cut_connections(GroupProtocol protocol)
    {
        await using var calm = await clusters.OpenAsync("tcp");
        var partition = new TopicPartition(await Clusters.CreateTopicAsync(calm), 0);
        await ProduceAsync(calm, partition);
        for (var seed = Root; seed < Root + Rounds; seed++)
        {
            await using var cluster = await OpenAsync(seed, static r => r is not ApiVersionsRequest);
            await using var consumer = cluster.CreateConsumer(OptionsOf(protocol));
            consumer.Subscribe([partition.Topic]);
            var records = await ReadAsync(consumer, partition, seed);
            var wrong = records.FindIndex(r => r.Timestamp != r.Offset);
            Assert.True(wrong < 0, $"seed {seed}: from offset {wrong} on {string.Join(',', records.Skip(wrong).Take(40).Select(r => r.Timestamp))}");
            await consumer.CommitAsync();
            Assert.True(Count == (await consumer.CommittedAsync([partition]))[partition].Offset, $"seed {seed}");
        }
    }

    private static ConsumerOptions OptionsOf(GroupProtocol protocol)
    {
        var options = ConsumerOptions.Default with
        {
            AutoOffsetReset = AutoOffsetReset.Earliest,
            GroupId = Clusters.NewName("cut"),
            GroupProtocol = protocol,
            EnableAutoCommit = protocol == GroupProtocol.Consumer,
            AutoCommitInterval = TimeSpan.FromMilliseconds(5),
            MaxPartitionFetchBytes = 300,
        };

        // A classic member whose first answer was lost is waited for until its session ends.
        return protocol == GroupProtocol.Consumer
            ? options
            : options with { HeartbeatInterval = TimeSpan.FromMilliseconds(5), SessionTimeout = TimeSpan.FromSeconds(6) };
    }

    private async Task<ICluster> OpenAsync(int seed, Func<object, bool> mayCut)
    {
        var broker = await clusters.BrokerAsync();
        var tcp = new TcpTransport("cutter", TimeSpan.FromSeconds(5), TimeProvider.System);
        return RemoteCluster.Open(
            new CuttingTransport(tcp, new Random(seed), mayCut),
            broker.EndPoints[0].ToString(),
            ClusterOptions.Default with { RetryBackoff = TimeSpan.FromMilliseconds(1) });
    }

    private static async Task ProduceAsync(ICluster cluster, TopicPartition partition)
    {
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { BatchSize = 200 });
        for (var i = 0; i < Count; i++)
        {
            while (!producer.TryAppend(partition.Topic, partition.Partition, i, false, default, true, default, Headers.Empty))
            {
                await producer.WaitForSpaceAsync();
            }
        }

        await producer.FlushAsync();
    }

    private static async Task<List<ConsumedRecord<string, string>>> ReadAsync(IConsumer consumer, TopicPartition partition, int seed)
    {
        var records = new List<ConsumedRecord<string, string>>();
        using var patience = new CancellationTokenSource(Clusters.Patience);
        while (records.Count < Count && !patience.IsCancellationRequested)
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromMilliseconds(100));
            records.AddRange(Clusters.RecordsOf(batch));
        }

        var where = consumer.Assignment.Contains(partition) ? $"at {consumer.Position(partition)} of {consumer.EndOffset(partition)}" : "not assigned";
        Assert.True(records.Count == Count, $"seed {seed}: {records.Count} records, {where}");
        return records;
    }

    /// <summary>Loses a part of the requests, and a part of the answers.</summary>
    private sealed class CuttingTransport(ITransport inner, Random random, Func<object, bool> mayCut) : ITransport
    {
        public async ValueTask<IBrokerConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken) =>
            new Connection(await inner.ConnectAsync(host, port, cancellationToken), this);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private int Roll(object request)
        {
            if (!mayCut(request))
            {
                return 2;
            }

            lock (random)
            {
                return random.Next(20);
            }
        }

        private sealed class Connection(IBrokerConnection inner, CuttingTransport owner) : IBrokerConnection
        {
            public bool IsOpen => inner.IsOpen;

            public async ValueTask<Reply<TResponse>> SendAsync<TResponse>(
                IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
                where TResponse : class, IResponse, IVersioned<TResponse>, new()
            {
                var roll = owner.Roll(request);
                if (roll == 0)
                {
                    await inner.DisposeAsync();
                }

                var reply = await inner.SendAsync(request, version, timeout, cancellationToken);
                if (roll == 1)
                {
                    await inner.DisposeAsync();
                    throw new BrokerException(ErrorCode.NetworkException, "cut connection", "the answer was lost");
                }

                return reply;
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
