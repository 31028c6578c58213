using StreamFlow.Streams.Processors;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// A scheduled callback. Stream time: due at once when time is known, then at multiples of the interval. Wall clock: due one
/// interval after scheduling. Missed intervals are skipped: one call, then the first multiple after now.
/// </summary>
internal sealed class Punctuation(
    ProcessorNode node, PunctuationType type, long intervalMs, long nextDue, Action<long> callback) : IDisposable
{
    private long _next = nextDue;

    public ProcessorNode Node { get; } = node;

    public PunctuationType Type { get; } = type;

    public bool IsCancelled { get; private set; }

    public void Dispose() => IsCancelled = true;

    /// <summary>Fires when due.</summary>
    public bool MaybeFire(long now)
    {
        if (IsCancelled || now < _next)
        {
            return false;
        }

        _next = now < _next + intervalMs ? _next + intervalMs : now - ((now - _next) % intervalMs) + intervalMs;
        callback(now);
        return true;
    }
}
