namespace StreamFlow.Broker.Security.Quotas;

/// <summary>
/// A token bucket for changes of partitions (KIP-599): it fills by the limit and holds eleven seconds of it. A change may be begun while
/// there is anything in it, and may overdraw it, so that one large change is not refused for ever. Thread safe.
/// </summary>
internal sealed class MutationBucket
{
    private const int BurstSeconds = 11;

    private readonly Lock _gate = new();
    private double _tokens = double.NaN;
    private long _filledAtMs;

    /// <summary>Takes tokens.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="count">How many.</param>
    /// <param name="limit">Tokens per second.</param>
    /// <param name="strict">Whether an overdrawn bucket refuses; else it is overdrawn further.</param>
    /// <returns>Whether they were taken, and how long until the bucket is not overdrawn any more (ms).</returns>
    public (bool Taken, int WaitMs) Take(long nowMs, int count, double limit, bool strict)
    {
        lock (_gate)
        {
            var burst = limit * BurstSeconds;
            _tokens = double.IsNaN(_tokens) ? burst : Math.Min(burst, _tokens + (limit * (nowMs - _filledAtMs) / 1000.0));
            _filledAtMs = nowMs;
            var isTaken = !strict || _tokens > 0;
            _tokens -= isTaken ? count : 0;
            var wait = _tokens < 0 ? (int)Math.Min(int.MaxValue, Math.Ceiling(-_tokens / limit * 1000)) : 0;
            return (isTaken, isTaken && strict ? 0 : wait);
        }
    }
}
