namespace StreamFlow.Broker.Security.Quotas;

/// <summary>
/// Measures use over the last ten whole seconds and the one that runs, as Kafka's samples do (<c>quota.window.num</c> 11 of one second),
/// and tells how long to wait until the mean is within a limit again. Thread safe.
/// </summary>
internal sealed class UseMeter
{
    private const int Windows = 11;
    private const long WindowMs = 1000;

    private readonly Lock _gate = new();
    private readonly double[] _uses = new double[Windows];
    private readonly long[] _starts = new long[Windows];
    private int _current;

    public UseMeter() => Array.Fill(_starts, long.MinValue / 2);

    /// <summary>Adds a use.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="use">How much.</param>
    /// <param name="limit">What is allowed per second.</param>
    /// <returns>How long the client has to wait (ms); 0 when it is within the limit.</returns>
    public int Add(long nowMs, double use, double limit)
    {
        lock (_gate)
        {
            if (nowMs - _starts[_current] >= WindowMs)
            {
                _current = (_current + 1) % Windows;
                _starts[_current] = nowMs;
                _uses[_current] = 0;
            }

            _uses[_current] += use;
            return Wait(nowMs, limit);
        }
    }

    private int Wait(long nowMs, double limit)
    {
        var total = 0.0;
        var oldest = nowMs;
        for (var i = 0; i < Windows; i++)
        {
            if (nowMs - _starts[i] < Windows * WindowMs)
            {
                total += _uses[i];
                oldest = Math.Min(oldest, _starts[i]);
            }
        }

        // A short time would make a large rate of a small use, so the mean is over ten seconds at least.
        var seconds = Math.Max(nowMs - oldest, (Windows - 1) * WindowMs) / 1000.0;
        var excess = (total / seconds) - limit;
        return excess <= 0 ? 0 : (int)Math.Min(excess / limit * seconds * 1000, Windows * WindowMs);
    }
}
