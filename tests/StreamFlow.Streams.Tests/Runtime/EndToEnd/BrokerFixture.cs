using System.Globalization;
using System.Text;
using StreamFlow.Broker;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Tests.Runtime.EndToEnd;

/// <summary>A real broker in memory, reached over TCP, with the word count of <see cref="AppFixture"/> on it.</summary>
internal sealed class BrokerFixture : IAsyncDisposable
{
    private readonly BrokerServer _broker;
    private readonly List<StreamsApplication> _apps = [];
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _retries = new();
    private readonly Dictionary<string, int> _expected = new(StringComparer.Ordinal);
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-e2e-").FullName;

    private BrokerFixture(BrokerServer broker)
    {
        _broker = broker;
        Cluster = RemoteCluster.Open(broker.EndPoints[0].ToString());
    }

    public ICluster Cluster { get; }

    public static async Task<BrokerFixture> StartAsync(int partitions)
    {
        var broker = await BrokerServer.StartAsync(new BrokerOptions
        {
            DataDirectory = BrokerOptions.Memory, Listeners = ["127.0.0.1:0"], GroupInitialRebalanceDelayMs = 0,
        });
        var fixture = new BrokerFixture(broker);
        await fixture.Cluster.Admin.CreateTopicsAsync([new NewTopic("in", partitions), new NewTopic("out", partitions)]);
        return fixture;
    }

    public async Task<StreamsApplication> StartAppAsync(string instance, ProcessingGuarantee guarantee)
    {
        var options = AppFixture.Options(_root, instance, guarantee) with
        {
            CommitInterval = TimeSpan.FromMilliseconds(50), HeartbeatInterval = TimeSpan.FromMilliseconds(300), PollTimeout = TimeSpan.FromMilliseconds(20),
        };
        var app = new StreamsApplication(AppFixture.WordCount(), options, Cluster);
        _apps.Add(app);
        app.Retrying += (_, e) => _retries.Enqueue($"{instance}: {e.Message}");
        await app.StartAsync();
        await app.WaitUntilRunningAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return app;
    }

    public async Task WriteWordsAsync(int count, int seed)
    {
        var random = new Random(seed);
        await using var producer = Cluster.CreateProducer(new ProducerOptions());
        var partitions = (await producer.PartitionsForAsync("in")).Count;
        // Times of today: the broker's retention takes old ones away.
        var now = Cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            var word = $"w{random.Next(20)}";
            _expected[word] = _expected.GetValueOrDefault(word) + 1;
            while (!producer.TryAppend("in", random.Next(partitions), now + i, false, default, true, Encoding.UTF8.GetBytes(word), Headers.Empty))
            {
                await producer.WaitForSpaceAsync();
            }
        }

        await producer.FlushAsync();
    }

    /// <summary>Waits until every word's last count is right; returns all committed updates in order, by word.</summary>
    public async Task<Dictionary<string, List<int>>> EventuallyCountedAsync()
    {
        await using var consumer = Cluster.CreateConsumer(new ConsumerOptions
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted,
        });
        var partitions = (await consumer.PartitionsForAsync("out")).Select(p => new TopicPartition("out", p.Partition)).ToList();
        consumer.Assign(partitions);
        consumer.SeekToBeginning(partitions);
        var updates = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!_expected.All(e => updates.TryGetValue(e.Key, out var seen) && seen[^1] == e.Value))
        {
            if (_apps.Find(a => a.Failure is not null) is { } failed)
            {
                throw new InvalidOperationException("an instance failed", failed.Failure);
            }

            Assert.False(timeout.IsCancellationRequested, $"expected {Text(_expected)}, got {Text(updates.ToDictionary(u => u.Key, u => u.Value[^1]))}; retried after: {string.Join("; ", _retries.TakeLast(5))}");
            using var batch = await consumer.PollAsync(TimeSpan.FromMilliseconds(100));
            while (batch is not null && batch.TryRead(out var record))
            {
                var word = Encoding.UTF8.GetString(record.Key);
                if (!updates.TryGetValue(word, out var seen))
                {
                    updates.Add(word, seen = []);
                }

                seen.Add(int.Parse(Encoding.UTF8.GetString(record.Value), CultureInfo.InvariantCulture));
            }
        }

        return updates;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        await Cluster.DisposeAsync();
        await _broker.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static string Text(Dictionary<string, int> counts) => string.Join(' ', counts.OrderBy(c => c.Key).Select(c => $"{c.Key}={c.Value}"));
}
