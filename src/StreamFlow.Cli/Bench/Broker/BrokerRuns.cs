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
internal sealed class BrokerRuns(BrokerUnderTest broker, BrokerLoad load) : IBrokerRuns
{
    private const string FetchTopic = "bench-fetch";

    // Long enough that batches go out full, so that both brokers get requests of the same size whichever answers faster.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private readonly ICluster _cluster = RemoteCluster.Open(broker.Address);
    private int _number;

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await broker.StartAsync(cancellation);
        if (load.Kind == BrokerLoadKind.FetchFromStart)
        {
            await CreateAsync(FetchTopic, cancellation);
            await ProduceAsync(FetchTopic, cancellation);
        }

        for (var done = 0L; done < load.Warmup; done += load.Counted)
        {
            await RunAsync(cancellation);
        }
    }

    public async Task<JsonObject> RunAsync(CancellationToken cancellation)
    {
        var isKept = load.Kind == BrokerLoadKind.FetchFromStart;
        var topic = isKept ? FetchTopic : $"bench-{_number++}";
        if (!isKept)
        {
            await CreateAsync(topic, cancellation);
        }

        var start = TimeProvider.System.GetTimestamp();
        var before = broker.CpuSeconds;
        await (load.Kind switch
        {
            BrokerLoadKind.Produce => ProduceAsync(topic, cancellation),
            BrokerLoadKind.FetchFromStart => FetchAsync(topic, cancellation),
            _ => FollowAsync(topic, cancellation),
        });
        var cpu = broker.CpuSeconds - before;
        var wall = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        if (!isKept)
        {
            await _cluster.Admin.DeleteTopicsAsync([topic], cancellation);
        }

        return new JsonObject
        {
            ["bench"] = load.Name,
            ["records"] = load.Counted,
            ["size"] = load.Size,
            ["wallSeconds"] = ProcessMeter.Round(wall),
            ["cpuSeconds"] = ProcessMeter.Round(cpu),
            ["cpuMicrosPerRecord"] = ProcessMeter.Round(cpu * 1e6 / load.Counted),
            ["cpuSecondsPerGb"] = ProcessMeter.Round(cpu * 1e9 / (load.Counted * load.Size)),
            ["recordsPerSecond"] = Math.Round(load.Counted / wall),
        };
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private Task CreateAsync(string topic, CancellationToken cancellation) =>
        _cluster.Admin.CreateTopicsAsync([new NewTopic(topic, load.Partitions)], ignoreExisting: false, cancellation);

    private async Task ProduceAsync(string topic, CancellationToken cancellation)
    {
        await using var producer = _cluster.CreateProducer(Options());
        await producer.PartitionsForAsync(topic, cancellation);
        var clientLoad = new ClientLoad(topic, load.Records, load.Partitions, TimeProvider.System);
        await clientLoad.ProduceAsync(producer, new byte[load.Size], cancellation);
    }

    private ProducerOptions Options() => new()
    {
        Acks = load.Acks, EnableIdempotence = load.Acks == Acks.All, BatchSize = load.BatchSize, Linger = Linger,
    };

    private Task FetchAsync(string topic, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, load.Consumers).Select(_ => ReadAllAsync(topic, cancellation)));

    private async Task FollowAsync(string topic, CancellationToken cancellation)
    {
        var reading = FetchAsync(topic, cancellation);
        await using var producer = _cluster.CreateProducer(Options());
        await producer.PartitionsForAsync(topic, cancellation);
        var clientLoad = new ClientLoad(topic, load.Records, load.Partitions, TimeProvider.System);
        await clientLoad.ProduceAsync(producer, new byte[load.Size], cancellation, load.Rate);
        await reading;
    }

    private async Task ReadAllAsync(string topic, CancellationToken cancellation)
    {
        await using var consumer = _cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        await ClientLoad.AssignAllAsync(consumer, topic, cancellation);
        await ClientLoad.ConsumeAsync(consumer, load.Records, cancellation);
    }
}
