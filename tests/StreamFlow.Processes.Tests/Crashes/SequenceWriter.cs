using System.Collections.Concurrent;
using StreamFlow.Client;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary>
/// Writes 0, 1, 2, ... to each partition of a topic with one idempotent producer that outlives every crash of the broker, and checks that
/// the log has just that: everything acknowledged, once, in order, at the offset that was told.
/// </summary>
internal sealed class SequenceWriter(ICluster cluster, string topic, int partitions) : IAsyncDisposable
{
    private const int MostWaiting = 200;

    // However long a round takes, the readers of the topic need not take longer for what was written meanwhile.
    private const int MostUnchecked = 3000;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(int Partition, long Number), long> _acknowledged = new();
    private readonly long[] _checked = new long[partitions];
    private Task _running = Task.CompletedTask;
    private int _waiting;

    public long Acknowledged => _acknowledged.Count;

    /// <summary>Up to where each partition was found to be right.</summary>
    public IEnumerable<KeyValuePair<TopicPartition, long>> Checked =>
        _checked.Select((end, partition) => KeyValuePair.Create(new TopicPartition(topic, partition), end));

    public void Start() => _running = Task.Run(WriteAsync);

    /// <summary>Checks what was written since the last check.</summary>
    /// <param name="acknowledged">What had been acknowledged before the crash.</param>
    public async Task CheckAsync(IReadOnlyCollection<KeyValuePair<(int Partition, long Number), long>> acknowledged)
    {
        var from = ClusterExtensions.Partitions(topic, partitions).ToDictionary(p => p, p => _checked[p.Partition]);
        foreach (var record in await cluster.ReadAsync(Serdes.Int64, from))
        {
            var at = record.Partition.Partition;
            Assert.True(record.Value == _checked[at] && record.Offset == _checked[at],
                $"{record.Partition} has {record.Value} at offset {record.Offset}, expected {_checked[at]} there");
            _checked[at]++;
        }

        foreach (var ((partition, number), offset) in acknowledged)
        {
            Assert.True(number < _checked[partition], $"{number} of partition {partition} was acknowledged but is lost; end {_checked[partition]}");
            Assert.Equal(number, offset);
        }
    }

    /// <summary>What has been acknowledged and not been asked for before.</summary>
    public IReadOnlyCollection<KeyValuePair<(int Partition, long Number), long>> TakeAcknowledged()
    {
        var taken = _acknowledged.ToArray();
        foreach (var entry in taken)
        {
            _acknowledged.TryRemove(entry);
        }

        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>Throws what made the writer end.</summary>
    public Task ThrowIfFailedAsync() => _running.IsFaulted ? _running : Task.CompletedTask;

    private async Task WriteAsync()
    {
        await using var producer = cluster.CreateProducer(new ProducerOptions { DeliveryTimeout = TimeSpan.FromMinutes(10) });
        await producer.PartitionsForAsync(topic);
        var failed = new TaskCompletionSource();
        for (long number = 0; !_stop.IsCancellationRequested; number++)
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                Interlocked.Increment(ref _waiting);
                _ = SendAsync(producer, partition, number, failed);
            }

            while ((number % 10 == 9 || MustWait(number)) && !_stop.IsCancellationRequested)
            {
                await Task.WhenAny(failed.Task, Task.Delay(2));
                if (failed.Task.IsCompleted)
                {
                    await failed.Task;
                }

                if (!MustWait(number))
                {
                    break;
                }
            }
        }
    }

    private bool MustWait(long number) =>
        Volatile.Read(ref _waiting) > MostWaiting || number - Volatile.Read(ref _checked[0]) > MostUnchecked;

    private async Task SendAsync(IProducer producer, int partition, long number, TaskCompletionSource failed)
    {
        try
        {
            var value = new byte[sizeof(long)];
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(value, number);
            var sent = await producer.SendAsync(new ProducerRecord(topic, null, value) { Partition = partition });
            _acknowledged[(partition, number)] = sent.Offset;
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            failed.TrySetException(new InvalidOperationException($"{new TopicPartition(topic, partition)} {number}: {e.Message}", e));
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
