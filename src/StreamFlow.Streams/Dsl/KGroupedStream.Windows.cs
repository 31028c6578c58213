namespace StreamFlow.Streams.Dsl;

/// <content>Windows.</content>
public sealed partial class KGroupedStream<TKey, TValue>
{
    /// <summary>Groups by key and by time windows.</summary>
    public TimeWindowedKStream<TKey, TValue> WindowedBy(TimeWindows windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        return new(this, windows, EmitStrategy.OnWindowUpdate);
    }

    /// <summary>Groups by key and by sliding windows.</summary>
    public SlidingWindowedKStream<TKey, TValue> WindowedBy(SlidingWindows windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        return new(this, windows, EmitStrategy.OnWindowUpdate);
    }

    /// <summary>Groups by key and by sessions.</summary>
    public SessionWindowedKStream<TKey, TValue> WindowedBy(SessionWindows windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        return new(this, windows, EmitStrategy.OnWindowUpdate);
    }
}
