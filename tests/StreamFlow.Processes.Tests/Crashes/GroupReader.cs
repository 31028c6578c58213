using System.Collections.Concurrent;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary>
/// Reads a topic of dense offsets as the member of a group and commits what it has read, while the broker crashes. No record may be left
/// out, and none read again whose offset had been acknowledged as committed.
/// </summary>
internal sealed class GroupReader(ICluster cluster, string topic, GroupProtocol protocol) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TopicPartition, long> _read = new();
    private readonly Dictionary<TopicPartition, long> _committed = [];
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(ReadAsync);

    /// <summary>Waits until everything below these offsets has been read.</summary>
    public async Task CheckAsync(IEnumerable<KeyValuePair<TopicPartition, long>> ends)
    {
        foreach (var (partition, end) in ends)
        {
            await Patiently.UntilAsync(async () =>
            {
                if (_running.IsFaulted)
                {
                    await _running;
                }

                var read = _read.GetValueOrDefault(partition);
                return read >= end ? null : $"the {protocol} group has read {partition} to {read}, not to {end}";
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        await using var consumer = cluster.CreateConsumer(new ConsumerOptions
        {
            GroupId = $"{topic}-{protocol}",
            GroupProtocol = protocol,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        });
        consumer.Subscribe([topic]);
        while (!_stop.IsCancellationRequested)
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromMilliseconds(100));
            if (batch is not null)
            {
                Note(batch);
                await CommitAsync(consumer, batch.Partition, batch.NextOffset);
            }
        }
    }

    private void Note(RecordBatchLease batch)
    {
        var (read, committed) = (_read.GetValueOrDefault(batch.Partition), _committed.GetValueOrDefault(batch.Partition));
        if (batch.FirstOffset > read || batch.FirstOffset < committed)
        {
            throw new InvalidOperationException(
                $"the {protocol} group goes on with {batch.Partition} at {batch.FirstOffset}; it had read to {read} and committed {committed}");
        }

        _read[batch.Partition] = Math.Max(read, batch.NextOffset);
    }

    private async Task CommitAsync(IConsumer consumer, TopicPartition partition, long offset)
    {
        try
        {
            await consumer.CommitAsync(
                new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(offset, "") }, _stop.Token);
            _committed[partition] = offset;
        }
        catch (BrokerException)
        {
            // The broker is away or knows the member no more: what was not acknowledged may be read again.
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
