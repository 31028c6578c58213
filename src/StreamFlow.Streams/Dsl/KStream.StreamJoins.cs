using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Joins with other streams, in windows of time.</content>
public sealed partial class KStream<TKey, TValue>
{
    /// <summary>Pairs of records of both streams with the same key, close enough in time.</summary>
    /// <param name="other">The other stream; it must have as many partitions.</param>
    /// <param name="joiner">From this stream's and the other's value to the result.</param>
    /// <param name="windows">How far apart they may be.</param>
    /// <param name="joined">Serdes and names.</param>
    public KStream<TKey, TResult> Join<TOther, TResult>(
        KStream<TKey, TOther> other,
        Func<TValue, TOther, TResult> joiner,
        JoinWindows windows,
        StreamJoined<TKey, TValue, TOther>? joined = null) =>
        JoinStream(other, (_, left, right) => joiner(left!, right!), JoinType.Inner, windows, joined);

    /// <summary>Pairs of records of both streams with the same key, close enough in time.</summary>
    /// <param name="other">The other stream; it must have as many partitions.</param>
    /// <param name="joiner">From the key, this stream's and the other's value to the result.</param>
    /// <param name="windows">How far apart they may be.</param>
    /// <param name="joined">Serdes and names.</param>
    public KStream<TKey, TResult> Join<TOther, TResult>(
        KStream<TKey, TOther> other,
        Func<TKey, TValue, TOther, TResult> joiner,
        JoinWindows windows,
        StreamJoined<TKey, TValue, TOther>? joined = null) =>
        JoinStream(other, joiner!, JoinType.Inner, windows, joined);

    /// <summary>As the inner join, and this stream's records that met nobody once their window has closed.</summary>
    /// <param name="other">The other stream; it must have as many partitions.</param>
    /// <param name="joiner">From this stream's and the other's value (the default where it is missing) to the result.</param>
    /// <param name="windows">How far apart they may be.</param>
    /// <param name="joined">Serdes and names.</param>
    public KStream<TKey, TResult> LeftJoin<TOther, TResult>(
        KStream<TKey, TOther> other,
        Func<TValue, TOther?, TResult> joiner,
        JoinWindows windows,
        StreamJoined<TKey, TValue, TOther>? joined = null) =>
        JoinStream(other, (_, left, right) => joiner(left!, right), JoinType.Left, windows, joined);

    /// <summary>As the inner join, and this stream's records that met nobody once their window has closed.</summary>
    /// <param name="other">The other stream; it must have as many partitions.</param>
    /// <param name="joiner">From the key, this stream's and the other's value (the default where it is missing) to the result.</param>
    /// <param name="windows">How far apart they may be.</param>
    /// <param name="joined">Serdes and names.</param>
    public KStream<TKey, TResult> LeftJoin<TOther, TResult>(
        KStream<TKey, TOther> other,
        Func<TKey, TValue, TOther?, TResult> joiner,
        JoinWindows windows,
        StreamJoined<TKey, TValue, TOther>? joined = null) =>
        JoinStream(other, joiner!, JoinType.Left, windows, joined);

    /// <summary>As the inner join, and the records of either stream that met nobody once their window has closed.</summary>
    /// <param name="other">The other stream; it must have as many partitions.</param>
    /// <param name="joiner">From this stream's and the other's value to the result; a missing one is the default.</param>
    /// <param name="windows">How far apart they may be.</param>
    /// <param name="joined">Serdes and names.</param>
    public KStream<TKey, TResult> OuterJoin<TOther, TResult>(
        KStream<TKey, TOther> other,
        Func<TValue?, TOther?, TResult> joiner,
        JoinWindows windows,
        StreamJoined<TKey, TValue, TOther>? joined = null) =>
        JoinStream(other, (_, left, right) => joiner(left, right), JoinType.Outer, windows, joined);

    /// <summary>As the inner join, and the records of either stream that met nobody once their window has closed.</summary>
    /// <param name="other">The other stream; it must have as many partitions.</param>
    /// <param name="joiner">From the key, this stream's and the other's value to the result; a missing one is the default.</param>
    /// <param name="windows">How far apart they may be.</param>
    /// <param name="joined">Serdes and names.</param>
    public KStream<TKey, TResult> OuterJoin<TOther, TResult>(
        KStream<TKey, TOther> other,
        Func<TKey, TValue?, TOther?, TResult> joiner,
        JoinWindows windows,
        StreamJoined<TKey, TValue, TOther>? joined = null) =>
        JoinStream(other, joiner, JoinType.Outer, windows, joined);

    private KStream<TKey, TResult> JoinStream<TOther, TResult>(
        KStream<TKey, TOther> other,
        Func<TKey, TValue?, TOther?, TResult> join,
        JoinType type,
        JoinWindows windows,
        StreamJoined<TKey, TValue, TOther>? joined)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(windows);
        joined ??= new();
        joined = joined with
        {
            KeySerde = joined.KeySerde ?? KeySerde ?? other.KeySerde,
            ValueSerde = joined.ValueSerde ?? ValueSerde,
            OtherSerde = joined.OtherSerde ?? other.ValueSerde,
        };
        var left = RepartitionForJoin(
            new() { KeySerde = joined.KeySerde, ValueSerde = joined.ValueSerde }, Suffixed(joined.Name, "-left"));
        var right = other.RepartitionForJoin(
            new() { KeySerde = joined.KeySerde, ValueSerde = joined.OtherSerde }, Suffixed(joined.Name, "-right"));
        var node = new StreamJoinPlan<TKey, TValue, TOther, TResult>(Graph, joined, windows, type, join).Add(left.Node, right.Node);
        Graph.Copartition(left.Node, right.Node);
        return new KStream<TKey, TResult>(
            Graph, node, joined.KeySerde, null, left.IsRepartitionRequired || right.IsRepartitionRequired);
    }

    private static string? Suffixed(string? name, string suffix) => name is null ? null : name + suffix;
}
