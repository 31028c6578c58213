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
}
