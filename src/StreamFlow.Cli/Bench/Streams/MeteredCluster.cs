using System.Collections.Concurrent;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Streams.Topologies;
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
internal sealed class MeteredCluster(ICluster inner, UserCode user) : ICluster
{
    private readonly ConcurrentDictionary<string, long> _sent = new(StringComparer.Ordinal);
    private ProcessMeter? _firstArrival;
    private ProcessMeter? _restoreStart;
    private long _arrived;
    private long _steadyFrom = long.MaxValue;
    private long _steadyTo = long.MaxValue;
    private Action? _onSteady;
    private RunMark? _steadyStart;
    private RunMark? _steadyEnd;

    public TimeProvider Clock => inner.Clock;

    public MemoryBudget Memory => inner.Memory;

    public IAdmin Admin => inner.Admin;

    /// <summary>When the first input record arrived; null before.</summary>
    public ProcessMeter? FirstArrival => Volatile.Read(ref _firstArrival);

    /// <summary>When the first partition's restoration began; null before.</summary>
    public ProcessMeter? RestoreStart => Volatile.Read(ref _restoreStart);

    /// <summary>Input records that arrived.</summary>
    public long Arrived => Volatile.Read(ref _arrived);

    /// <summary>
    /// The part in which tables, pools and compiled code have stopped to grow: between two numbers of records; null before it is over.
    /// </summary>
    public (RunMark Start, RunMark End)? Steady =>
        Volatile.Read(ref _steadyEnd) is { } end && Volatile.Read(ref _steadyStart) is { } start ? (start, end) : null;

    /// <summary>Says between which numbers of records a run counts as steady; call it before the first arrives.</summary>
    /// <param name="from">Arrived records at its start.</param>
    /// <param name="to">Arrived records at its end.</param>
    /// <param name="onStart">Called at its start; null for nothing.</param>
    public void WatchSteady(long from, long to, Action? onStart) => (_steadyFrom, _steadyTo, _onSteady) = (from, to, onStart);

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

        var arrived = Interlocked.Add(ref _arrived, records);
        if (arrived >= _steadyFrom && arrived - records < _steadyFrom)
        {
            _onSteady?.Invoke();
            Volatile.Write(ref _steadyStart, Mark(arrived));
        }

        if (arrived >= _steadyTo && arrived - records < _steadyTo)
        {
            Volatile.Write(ref _steadyEnd, Mark(arrived));
        }
    }

    public void NoteRestore()
    {
        if (Volatile.Read(ref _restoreStart) is null)
        {
            Interlocked.CompareExchange(ref _restoreStart, ProcessMeter.Now(), null);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private RunMark Mark(long arrived) => new(ProcessMeter.Now(), arrived, user.AllocatedBytes);
}
