using System.Collections.Concurrent;
using StreamFlow.Client;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary>
/// Writes a number to both partitions of a topic in each transaction; every fourth is aborted. Its producer outlives every crash of the
/// broker. Of each transaction all or nothing may be seen, nothing of an aborted one, and all of one whose commit was acknowledged.
/// </summary>
internal sealed class TransactionWriter(ICluster cluster, string topic) : IAsyncDisposable
{
    private const int Partitions = 2;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<long, bool> _outcomes = new();
    private readonly List<long>[] _seen = [[], []];
    private readonly long[] _next = new long[Partitions];
    private Task _running = Task.CompletedTask;
    private long _started;

    public int Committed => _outcomes.Count(o => o.Value);

    public void Start() => _running = Task.Run(WriteAsync);

    /// <summary>The transactions whose outcome is known: committed or not.</summary>
    public KeyValuePair<long, bool>[] Outcomes() => [.. _outcomes];

    public async Task CheckAsync(KeyValuePair<long, bool>[] outcomes)
    {
        var latest = Interlocked.Read(ref _started);
        var from = ClusterExtensions.Partitions(topic, Partitions).ToDictionary(p => p, p => _next[p.Partition]);
        foreach (var record in await cluster.ReadAsync(Serdes.Int64, from))
        {
            var seen = _seen[record.Partition.Partition];
            Assert.True(seen.Count == 0 || seen[^1] < record.Value, $"{record.Partition}: {record.Value} behind {seen.LastOrDefault(-1)}");
            seen.Add(record.Value);
            _next[record.Partition.Partition] = record.Offset + 1;
        }

        var both = _seen[0].ToHashSet();
        foreach (var (number, committed) in outcomes)
        {
            Assert.True(both.Contains(number) == committed, $"transaction {number} was {(committed ? "committed but is lost" : "aborted but is seen")}");
        }

        // Those that were not over when the read began may be committed between the reads of the two partitions.
        both.SymmetricExceptWith(_seen[1]);
        Assert.True(both.All(n => n >= latest - 1), $"half of transactions {string.Join(", ", both.Order().Take(5))} is seen");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    public Task ThrowIfFailedAsync() => _running.IsFaulted ? _running : Task.CompletedTask;

    private async Task WriteAsync()
    {
        var producer = await OpenAsync();
        while (!_stop.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _started);
            try
            {
                await RunAsync(producer, number, commit: number % 4 != 0);
            }
            catch (StreamFlowException)
            {
                // Whether it was committed is not known; a new producer of the same id ends it, one way or the other.
                await producer.DisposeAsync();
                producer = await OpenAsync();
            }

            await Task.Delay(1);
        }

        await producer.DisposeAsync();
    }

    private async Task RunAsync(IProducer producer, long number, bool commit)
    {
        producer.BeginTransaction();
        var value = new byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(value, number);
        await Task.WhenAll(Enumerable.Range(0, Partitions)
            .Select(p => producer.SendAsync(new ProducerRecord(topic, null, value) { Partition = p }).AsTask()));
        await (commit ? producer.CommitTransactionAsync() : producer.AbortTransactionAsync());
        _outcomes[number] = commit;
    }

    private async Task<IProducer> OpenAsync()
    {
        while (true)
        {
            var producer = cluster.CreateProducer(new ProducerOptions { TransactionalId = topic, DeliveryTimeout = TimeSpan.FromMinutes(2) });
            try
            {
                await producer.InitTransactionsAsync(_stop.Token);
                return producer;
            }
            catch (StreamFlowException e) when (e.IsRetriable)
            {
                await producer.DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                return producer;
            }
        }
    }
}
