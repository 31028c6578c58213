namespace StreamFlow.Broker;

/// <summary>
/// The broker's time in ms since 1970, which never runs backwards: the wall clock at the start plus what the monotonic clock has
/// counted since. Sessions and timeouts must not end because somebody set the clock.
/// </summary>
internal sealed class BrokerClock
{
    private readonly long _startTimestamp;
    private readonly long _startUnixMs;

    public BrokerClock(TimeProvider time)
    {
        Time = time;
        _startTimestamp = time.GetTimestamp();
        _startUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public TimeProvider Time { get; }

    public long NowMs => _startUnixMs + (long)Time.GetElapsedTime(_startTimestamp).TotalMilliseconds;
}
