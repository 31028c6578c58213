using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <summary>One of the grouped streams of a cogroup, its value type hidden.</summary>
internal abstract class CogroupPart<TKey, TOut>
{
    public abstract TopologyGraph Graph { get; }

    public abstract Serde<TKey>? KeySerde { get; }

    /// <summary>The node in front of the grouping, for names.</summary>
    public abstract string StreamName { get; }

    /// <summary>The node the aggregation reads, behind a repartition topic if the key may have changed.</summary>
    public abstract GraphNode Input(string storeName, bool isStoreNameGiven);

    public abstract ProcessorNode Unwindowed(string storeName, Func<TOut> initializer, OldValues oldValues);

    public abstract ProcessorNode Time(string storeName, TimeWindows windows, Func<TOut> initializer, OldValues oldValues);

    public abstract ProcessorNode Sliding(
        string storeName, SlidingWindows windows, Func<TOut> initializer, OldValues oldValues, bool isThrifty);

    public abstract ProcessorNode Session(
        string storeName, SessionWindows windows, Func<TOut> initializer, Func<TKey, TOut, TOut, TOut> merger, bool sendsOldValues);
}

/// <summary>One of the grouped streams of a cogroup.</summary>
internal sealed class CogroupPart<TKey, TValue, TOut>(KGroupedStream<TKey, TValue> grouped, Func<TKey, TValue, TOut, TOut> aggregator)
    : CogroupPart<TKey, TOut>
{
    public override TopologyGraph Graph => grouped.Graph;

    public override Serde<TKey>? KeySerde => grouped.Grouped.KeySerde;

    public override string StreamName => grouped.Stream.Node.Name;

    public override GraphNode Input(string storeName, bool isStoreNameGiven) =>
        grouped.RepartitionIfRequired(storeName, isStoreNameGiven).Node;

    public override ProcessorNode Unwindowed(string storeName, Func<TOut> initializer, OldValues oldValues) =>
        new AggregateNode<TKey, TValue, TOut>(storeName, initializer, aggregator, oldValues);

    public override ProcessorNode Time(string storeName, TimeWindows windows, Func<TOut> initializer, OldValues oldValues) =>
        new TimeWindowAggregateNode<TKey, TValue, TOut>(
            storeName,
            windows,
            initializer,
            WindowAggregators.Of(initializer, aggregator),
            oldValues,
            emitsOnClose: false,
            isThrifty: false);

    public override ProcessorNode Sliding(
        string storeName, SlidingWindows windows, Func<TOut> initializer, OldValues oldValues, bool isThrifty) =>
        new SlidingWindowAggregateNode<TKey, TValue, TOut>(
            storeName, windows, initializer, WindowAggregators.Of(initializer, aggregator), oldValues, emitsOnClose: false, isThrifty);

    public override ProcessorNode Session(
        string storeName, SessionWindows windows, Func<TOut> initializer, Func<TKey, TOut, TOut, TOut> merger, bool sendsOldValues) =>
        new SessionAggregateNode<TKey, TValue, TOut>(
            storeName, windows, SessionFolds.Of(initializer, aggregator, merger), sendsOldValues, emitsOnClose: false);
}
