using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Windows;

namespace StreamFlow.Streams;

/// <summary>Serdes of windowed keys in Kafka Streams' layouts.</summary>
public static class WindowedSerdes
{
    /// <summary>Time and sliding windows: the inner key, int64 start. The end is the start plus the size.</summary>
    /// <param name="inner">Writes the inner key.</param>
    /// <param name="size">The size of the windows; for sliding windows their time difference.</param>
    public static Serde<Windowed<TKey>> Time<TKey>(Serde<TKey> inner, TimeSpan size) =>
        new TimeWindowedSerde<TKey>(inner, (long)size.TotalMilliseconds);

    /// <summary>Sessions: the inner key, int64 end, int64 start.</summary>
    /// <param name="inner">Writes the inner key.</param>
    public static Serde<Windowed<TKey>> Session<TKey>(Serde<TKey> inner) => new SessionWindowedSerde<TKey>(inner);
}
