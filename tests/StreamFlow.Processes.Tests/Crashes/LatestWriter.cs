using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary>
/// Writes 0, 1, 2, ... to the keys of a compacted topic in turn, every seventh as a tombstone, while the broker compacts and crashes. Whatever
/// was compacted away, of each key the last acknowledged value, or a later one, must be there.
/// </summary>
internal sealed class LatestWriter(ICluster cluster, string topic) : IAsyncDisposable
{
    private const int Keys = 20;
    private const int TombstoneEvery = 7;
    private const string NumberHeader = "number";

    private readonly CancellationTokenSource _stop = new();

    // Taken for each record, and for a check: what is written meanwhile would let compaction take away what the check looks for.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<int, long> _acknowledged = new();
    private Task _running = Task.CompletedTask;
    private long _sent = -1;

    /// <summary>Broker settings with which compaction is always at work.</summary>
    public static string[] BrokerSettings { get; } = ["log.cleaner.backoff.ms=50", "log.initial.task.delay.ms=10"];

    public async Task StartAsync()
    {
        var configs = new Dictionary<string, string>
        {
            ["cleanup.policy"] = "compact", ["segment.ms"] = "100", ["min.cleanable.dirty.ratio"] = "0.01", ["delete.retention.ms"] = "100",
        };
        await cluster.Admin.CreateTopicsAsync([new NewTopic(topic, 1, 1, configs)], ignoreExisting: true);
        _running = Task.Run(WriteAsync);
    }

    /// <summary>Of each key the last number that was acknowledged.</summary>
    public KeyValuePair<int, long>[] Acknowledged() => [.. _acknowledged];

    public async Task CheckAsync(KeyValuePair<int, long>[] acknowledged)
    {
        await _turn.WaitAsync();
        try
        {
            Check(await ReadAsync(), acknowledged);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits until compaction has taken something away, so that the checks were about it.</summary>
    public Task UntilCompactedAsync() => Patiently.UntilAsync(async () =>
    {
        await ThrowIfFailedAsync();
        var (records, end) = ((await ReadAsync()).Count, (await cluster.EndsAsync(topic, 1)).Values.Single());
        return records < end ? null : $"{topic} holds all of its {end} records";
    });

    public Task ThrowIfFailedAsync() => _running.IsFaulted ? _running : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _turn.Dispose();
    }

    private void Check(List<ConsumedRecord<string, long>> records, KeyValuePair<int, long>[] acknowledged)
    {
        var last = new Dictionary<int, long>();
        foreach (var record in records)
        {
            var (key, number) = (int.Parse(record.Key!, CultureInfo.InvariantCulture), record.HasValue ? record.Value : TombstoneNumber(record));
            Assert.True(last.GetValueOrDefault(key, -1) < number, $"key {key}: {number} behind {last.GetValueOrDefault(key, -1)}");
            last[key] = number;
        }

        var sent = _sent;
        foreach (var (key, number) in acknowledged)
        {
            var isThere = last.TryGetValue(key, out var found) && found >= number;
            Assert.True(isThere || (!last.ContainsKey(key) && HasTombstoneBetween(key, number, sent)),
                $"key {key}: {number} was acknowledged, the log ends with {(last.ContainsKey(key) ? found : "nothing")}");
        }
    }

    private Task<List<ConsumedRecord<string, long>>> ReadAsync() =>
        cluster.ReadAsync(Serdes.Int64, new() { [new TopicPartition(topic, 0)] = 0 });

    // A tombstone has no value to carry its number, so a header does.
    private static long TombstoneNumber(ConsumedRecord<string, long> record) =>
        BinaryPrimitives.ReadInt64BigEndian(record.Headers.Single(h => h.Key == NumberHeader).Value);

    private static bool HasTombstoneBetween(int key, long first, long last)
    {
        for (var number = first; number <= last; number++)
        {
            if (number % Keys == key && number % TombstoneEvery == 0)
            {
                return true;
            }
        }

        return false;
    }

    private async Task WriteAsync()
    {
        await using var producer = cluster.CreateProducer(new ProducerOptions { DeliveryTimeout = TimeSpan.FromMinutes(10) });
        for (long number = 0; !_stop.IsCancellationRequested; number++)
        {
            await _turn.WaitAsync();
            try
            {
                _sent = number;
                await producer.SendAsync(Record(number));
                _acknowledged[(int)(number % Keys)] = number;
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private ProducerRecord Record(long number)
    {
        var value = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(value, number);
        var key = Encoding.UTF8.GetBytes((number % Keys).ToString(CultureInfo.InvariantCulture));
        return number % TombstoneEvery == 0
            ? new ProducerRecord(topic, key, null) { Headers = Headers.Empty.With(NumberHeader, value) }
            : new ProducerRecord(topic, key, value);
    }
}
