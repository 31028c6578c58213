using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace StreamFlow.Cli.Bench.Measuring;

/// <summary>
/// Which types this process allocates, sampled by the runtime about every 100 KB (its <c>GCAllocationTick</c> event). The bytes since the
/// sample before are put down to the type that was allocated at it; large arrays are told apart, because they come from pools or growth.
/// </summary>
internal sealed class AllocationTypes : EventListener
{
    private const string RuntimeEvents = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords GcKeyword = (EventKeywords)1;
    private const uint LargeObject = 1;

    private readonly ConcurrentDictionary<string, long> _bytes = new(StringComparer.Ordinal);
    private EventSource? _runtime;
    private int _ownThread;
    private long _ownFrom;
    private long _ownBytes;

    /// <summary>
    /// What counting itself has allocated since <see cref="Start"/>: the events and what they carry, on the one thread that hands them out.
    /// </summary>
    public long OwnBytes => Volatile.Read(ref _ownBytes);

    /// <summary>Begins to count.</summary>
    public void Start()
    {
        _bytes.Clear();
        _ownThread = 0;
        Volatile.Write(ref _ownBytes, 0);
        if (_runtime is not null)
        {
            EnableEvents(_runtime, EventLevel.Verbose, GcKeyword);
        }
    }

    /// <summary>Ends counting.</summary>
    public void Stop()
    {
        if (_runtime is not null)
        {
            DisableEvents(_runtime);
        }
    }

    /// <summary>The types with the most bytes, in descending order.</summary>
    public IEnumerable<KeyValuePair<string, long>> Top(int count) => _bytes.OrderByDescending(type => type.Value).Take(count);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == RuntimeEvents)
        {
            _runtime = eventSource;
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData is { EventName: "GCAllocationTick_V4", PayloadNames: { } names, Payload: { } payload }
            && payload[names.IndexOf("AllocationAmount64")] is ulong amount
            && payload[names.IndexOf("TypeName")] is string type)
        {
            var name = payload[names.IndexOf("AllocationKind")] is LargeObject ? type + " (large)" : type;
            _bytes.AddOrUpdate(name, static (_, n) => n, static (_, sum, n) => sum + n, (long)amount);
            CountOwn();
        }
    }

    private void CountOwn()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        if (_ownThread == Environment.CurrentManagedThreadId)
        {
            Volatile.Write(ref _ownBytes, _ownBytes + allocated - _ownFrom);
        }

        (_ownThread, _ownFrom) = (Environment.CurrentManagedThreadId, allocated);
    }
}
