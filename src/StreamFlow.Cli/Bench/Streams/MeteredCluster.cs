using System.Collections.Concurrent;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Memory;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>
/// A cluster that notes when its consumers got their first records and began to restore, and how many records its producers sent to each
/// topic: one call per batch, none per record. The cluster behind it stays the caller's.
/// </summary>
internal sealed class MeteredCluster(ICluster inner) : ICluster
{
    private readonly ConcurrentDictionary<string, long> _sent = new(StringComparer.Ordinal);
    private ProcessMeter? _firstArrival;
    private ProcessMeter? _restoreStart;
    private long _arrived;

    public TimeProvider Clock => inner.Clock;

    public MemoryBudget Memory => inner.Memory;

    public IAdmin Admin => inner.Admin;

    /// <summary>When the first input record arrived; null before.</summary>
    public ProcessMeter? FirstArrival => Volatile.Read(ref _firstArrival);

    /// <summary>When the first partition's restoration began; null before.</summary>
    public ProcessMeter? RestoreStart => Volatile.Read(ref _restoreStart);

    /// <summary>Input records that arrived.</summary>
    public long Arrived => Volatile.Read(ref _arrived);

    public IConsumer CreateConsumer(ConsumerOptions options) =>
        new MeteredConsumer(inner.CreateConsumer(options), this, isRestoring: options.GroupId is null);

    public IProducer CreateProducer(ProducerOptions options)
    {
        var deliver = options.OnDelivery;
        return inner.CreateProducer(options with
        {
            OnDelivery = report =>
            {
                if (report.Error is null)
                {
                    _sent.AddOrUpdate(report.Partition.Topic, static (_, n) => n, static (_, sum, n) => sum + n, (long)report.RecordCount);
                }

                deliver?.Invoke(report);
            },
        });
    }

    /// <summary>Records sent to topics whose name ends so.</summary>
    public long Sent(string suffix) => _sent.Where(t => t.Key.EndsWith(suffix, StringComparison.Ordinal)).Sum(t => t.Value);

    public void NoteArrival(int records)
    {
        if (Volatile.Read(ref _firstArrival) is null)
        {
            Interlocked.CompareExchange(ref _firstArrival, ProcessMeter.Now(), null);
        }

        Interlocked.Add(ref _arrived, records);
    }

    public void NoteRestore()
    {
        if (Volatile.Read(ref _restoreStart) is null)
        {
            Interlocked.CompareExchange(ref _restoreStart, ProcessMeter.Now(), null);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
