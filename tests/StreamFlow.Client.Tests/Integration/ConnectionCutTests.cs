using StreamFlow.Client.Consuming;
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

    [Fact]
    public async Task Idempotent_records_are_written_once_and_in_order_across_cut_connections()
    {
        var root = Environment.GetEnvironmentVariable("STREAMFLOW_SEED") is { } given ? int.Parse(given) : Environment.TickCount;
        for (var round = 0; round < Rounds; round++)
        {
            await RunAsync(root + round);
        }
    }

    private async Task RunAsync(int seed)
    {
        var broker = await clusters.BrokerAsync();
        var tcp = new TcpTransport("cutter", TimeSpan.FromSeconds(5), TimeProvider.System);
        await using var cluster = RemoteCluster.Open(
            new CuttingTransport(tcp, new Random(seed)), broker.EndPoints[0].ToString(), ClusterOptions.Default with { RetryBackoff = TimeSpan.FromMilliseconds(1) });
        var topic = await Clusters.CreateTopicAsync(cluster);
        var partition = new TopicPartition(topic, 0);
        await using (var producer = cluster.CreateProducer(ProducerOptions.Default with { BatchSize = 200 }))
        {
            for (var i = 0; i < Count; i++)
            {
                while (!producer.TryAppend(topic, 0, i, false, default, true, default, Headers.Empty))
                {
                    await producer.WaitForSpaceAsync();
                }
            }

            await producer.FlushAsync();
        }

        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Assign([partition]);
        Assert.True(Count == (await consumer.EndOffsetsAsync([partition]))[partition], $"seed {seed}");
        var records = new List<ConsumedRecord<string, string>>();
        using var patience = new CancellationTokenSource(Clusters.Patience);
        while (records.Count < Count && !patience.IsCancellationRequested)
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromMilliseconds(100));
            records.AddRange(Clusters.RecordsOf(batch));
        }

        Assert.True(
            records.Count == Count,
            $"seed {seed}: {records.Count} records in {Clusters.Patience}, position {consumer.Position(partition)}, end {consumer.EndOffset(partition)}");
        var wrong = records.FindIndex(r => r.Timestamp != r.Offset);
        Assert.True(wrong < 0, $"seed {seed}: from offset {wrong} on {string.Join(',', records.Skip(wrong).Take(40).Select(r => r.Timestamp))}");
    }

    /// <summary>Loses a part of all produce requests, and a part of their answers.</summary>
    private sealed class CuttingTransport(ITransport inner, Random random) : ITransport
    {
        public async ValueTask<IBrokerConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken) =>
            new Connection(await inner.ConnectAsync(host, port, cancellationToken), this);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private int Roll()
        {
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
                var roll = request is ProduceRequest ? owner.Roll() : 2;
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
