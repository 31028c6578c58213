using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Latency;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;

namespace StreamFlow.Cli.Bench.Broker.Transactions;

/// <summary>Runs of transactions against one broker.</summary>
/// <param name="broker">The broker.</param>
/// <param name="load">What is asked of it.</param>
internal sealed class TransactionRuns(BrokerUnderTest broker, TransactionLoad load) : IBrokerRuns
{
    private const string Topic = "bench-transactions";
    private const int WarmupRuns = 2;

    // A broker that has not ended the last transaction yet says so, and the producer comes back after this.
    private static readonly ClusterOptions ComesBackSoon = ClusterOptions.Default with
    {
        RetryBackoff = TimeSpan.FromMilliseconds(1), RetryBackoffMax = TimeSpan.FromMilliseconds(20),
    };

    private readonly ICluster _cluster = RemoteCluster.Open(broker.Address, ComesBackSoon);
    private readonly List<IProducer> _producers = [];

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await broker.StartAsync(cancellation);
        await _cluster.Admin.CreateTopicsAsync([new NewTopic(Topic, load.Partitions)], ignoreExisting: false, cancellation);
        for (var i = 0; i < load.Producers; i++)
        {
            var producer = _cluster.CreateProducer(new ProducerOptions { TransactionalId = $"bench-{i}" });
            _producers.Add(producer);
            await producer.InitTransactionsAsync(cancellation);
            await producer.PartitionsForAsync(Topic, cancellation);
        }

        for (var run = 0; run < WarmupRuns; run++)
        {
            await RunAsync(cancellation);
        }
    }

    public async Task<JsonObject> RunAsync(CancellationToken cancellation)
    {
        var latencies = _producers.Select(_ => new LatencyHistogram()).ToArray();
        var start = TimeProvider.System.GetTimestamp();
        var before = broker.CpuSeconds;
        await Task.WhenAll(_producers.Select((producer, i) => Task.Run(() => CommitAsync(producer, latencies[i], cancellation),
            cancellation)));
        var cpu = broker.CpuSeconds - before;
        var wall = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var transactions = latencies.Sum(l => l.Count);
        return new JsonObject
        {
            ["bench"] = "broker.transactions",
            ["transactions"] = transactions,
            ["wallSeconds"] = ProcessMeter.Round(wall),
            ["transactionsPerSecond"] = ProcessMeter.Round(transactions / wall),
            ["cpuMicrosPerTransaction"] = ProcessMeter.Round(cpu * 1e6 / transactions),
            ["p50"] = latencies[0].Quantile(0.5),
            ["p99"] = latencies[0].Quantile(0.99),
            ["unit"] = "microseconds",
        };
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    private async Task CommitAsync(IProducer producer, LatencyHistogram latencies, CancellationToken cancellation)
    {
        var value = new byte[load.Size];
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start).TotalSeconds < load.Seconds)
        {
            var begun = clock.GetTimestamp();
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            producer.BeginTransaction();
            for (var i = 0; i < load.Records; i++)
            {
                while (!producer.TryAppend(Topic, i % load.Partitions, now, false, default, true, value, Headers.Empty))
                {
                    await producer.WaitForSpaceAsync(cancellation);
                }
            }

            await producer.CommitTransactionAsync(cancellation);
            latencies.Add((long)clock.GetElapsedTime(begun).TotalMicroseconds);
        }
    }
}
