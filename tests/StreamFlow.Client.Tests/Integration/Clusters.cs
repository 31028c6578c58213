using StreamFlow.Broker;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>The clusters that the same tests run against, and short cuts to use them.</summary>
public sealed class Clusters : IAsyncLifetime
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, string> KeepForEver = new() { ["retention.ms"] = "-1" };
    private static int _names;
    private readonly KafkaServer _kafka = new();
    private readonly Lock _gate = new();
    private Task<BrokerServer>? _broker;

    public async Task<ICluster> OpenAsync(string kind) => kind switch
    {
        "kafka" => RemoteCluster.Open(await _kafka.BootstrapAsync()),
        "memory:" => await Embedded.Cluster.OpenAsync("memory:client-tests", broker: Quick(new BrokerOptions())),
        "tcp" => RemoteCluster.Open((await BrokerAsync()).EndPoints[0].ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _kafka.DisposeAsync();
        if (_broker is not null)
        {
            await (await _broker).DisposeAsync();
        }
    }

    /// <summary>StreamFlow's broker on a free port.</summary>
    public Task<BrokerServer> BrokerAsync()
    {
        lock (_gate)
        {
            return _broker ??= BrokerServer.StartAsync(Quick(new BrokerOptions
            {
                DataDirectory = BrokerOptions.Memory,
                Listeners = ["127.0.0.1:0"],
            }));
        }
    }

    /// <summary>With groups that need not wait.</summary>
    private static BrokerOptions Quick(BrokerOptions options) => options with
    {
        GroupInitialRebalanceDelayMs = 0,
        GroupConsumerMinHeartbeatIntervalMs = 100,
        GroupConsumerHeartbeatIntervalMs = 100,
        GroupConsumerMinAssignmentIntervalMs = 0,
        GroupConsumerAssignmentIntervalMs = 0,
    };

    public static string NewName(string prefix) => $"{prefix}-{Environment.ProcessId}-{Interlocked.Increment(ref _names)}";

    /// <summary>
    /// Creates a topic that keeps its records for ever, unless the configs say otherwise: tests write timestamps of their own, and
    /// retention would take such old records as soon as it looks.
    /// </summary>
    public static async Task<string> CreateTopicAsync(ICluster cluster, int partitions = 1, IReadOnlyDictionary<string, string>? configs = null)
    {
        var topic = NewName("topic");
        await cluster.Admin.CreateTopicsAsync([new NewTopic(topic, partitions, 1, configs ?? KeepForEver)]);
        return topic;
    }

    public static ProducerRecord Record(string topic, string? key, string? value, int? partition = null) =>
        new(topic, Bytes(key), Bytes(value)) { Partition = partition };

    /// <summary>Polls until that many records have come; fails when they do not come in time.</summary>
    public static async Task<List<ConsumedRecord<string, string>>> ReadAsync(IConsumer consumer, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var records = new List<ConsumedRecord<string, string>>();
        while (records.Count < count)
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromMilliseconds(100), patience.Token);
            records.AddRange(RecordsOf(batch));
        }

        return records;
    }

    public static List<ConsumedRecord<string, string>> RecordsOf(RecordBatchLease? batch)
    {
        var records = new List<ConsumedRecord<string, string>>();
        while (batch is not null && batch.TryRead(out var view))
        {
            records.Add(new(
                batch.Partition, view.Offset, view.Timestamp, Text(view.HasKey, view.Key), Text(view.HasValue, view.Value), view.HasKey, view.HasValue, view.ReadHeaders()));
        }

        return records;
    }

    private static string? Text(bool isPresent, ReadOnlySpan<byte> bytes) => isPresent ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private static ReadOnlyMemory<byte>? Bytes(string? text) => text is null ? default(ReadOnlyMemory<byte>?) : System.Text.Encoding.UTF8.GetBytes(text);
}
