using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Client;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>Runs of one broker: the same load by our client each time; what counts is the CPU time of the broker's process.</summary>
/// <param name="broker">The broker.</param>
/// <param name="load">What is asked of it.</param>
internal sealed class BrokerRuns(BrokerUnderTest broker, BrokerLoad load) : IAsyncDisposable
{
    private const string FetchTopic = "bench-fetch";

    private readonly ICluster _cluster = RemoteCluster.Open(broker.Address);
    private int _number;

    /// <summary>Lets the broker's compiler see the load, and writes what fetches are going to read.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        if (load.IsFetch)
        {
            await _cluster.Admin.CreateTopicsAsync([new NewTopic(FetchTopic, 1)], ignoreExisting: false, cancellation);
            await ProduceAsync(FetchTopic, load.Records, cancellation);
        }

        for (var done = 0; done < load.Warmup; done += load.Records)
        {
            await RunAsync(cancellation);
        }
    }

    /// <summary>One measured run.</summary>
    public async Task<JsonObject> RunAsync(CancellationToken cancellation)
    {
        var topic = load.IsFetch ? FetchTopic : $"bench-produce-{_number++}";
        if (!load.IsFetch)
        {
            await _cluster.Admin.CreateTopicsAsync([new NewTopic(topic, 1)], ignoreExisting: false, cancellation);
        }

        var start = TimeProvider.System.GetTimestamp();
        var before = broker.CpuSeconds;
        await (load.IsFetch ? FetchAsync(cancellation) : ProduceAsync(topic, load.Records, cancellation));
        var cpu = broker.CpuSeconds - before;
        var wall = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        if (!load.IsFetch)
        {
            await _cluster.Admin.DeleteTopicsAsync([topic], cancellation);
        }

        return new JsonObject
        {
            ["bench"] = load.Name,
            ["records"] = load.Records,
            ["size"] = load.Size,
            ["wallSeconds"] = ProcessMeter.Round(wall),
            ["cpuSeconds"] = ProcessMeter.Round(cpu),
            ["cpuMicrosPerRecord"] = ProcessMeter.Round(cpu * 1e6 / load.Records),
            ["recordsPerSecond"] = Math.Round(load.Records / wall),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await broker.DisposeAsync();
    }

    private async Task ProduceAsync(string topic, int count, CancellationToken cancellation)
    {
        await using var producer = _cluster.CreateProducer(
            new ProducerOptions { Acks = load.Acks, EnableIdempotence = load.Acks == Acks.All, BatchSize = load.BatchSize });
        await producer.PartitionsForAsync(topic, cancellation);
        await ClientLoad.ProduceAsync(producer, topic, count, new byte[load.Size], TimeProvider.System, cancellation);
    }

    private async Task FetchAsync(CancellationToken cancellation)
    {
        await using var consumer = _cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        await ClientLoad.AssignAllAsync(consumer, FetchTopic, cancellation);
        await ClientLoad.ConsumeAsync(consumer, load.Records, cancellation);
    }
}
