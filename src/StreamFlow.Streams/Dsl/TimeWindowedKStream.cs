using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;
using StreamFlow.Streams.Windows;

namespace StreamFlow.Streams.Dsl;

/// <summary>
/// A stream grouped by key and time windows, to be aggregated. Records without a key are dropped and counted; null values reach
/// the aggregator. Records that come after their window has closed are dropped and counted.
/// </summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed class TimeWindowedKStream<TKey, TValue>
{
    private readonly KGroupedStream<TKey, TValue> _grouped;
    private readonly TimeWindows _windows;
    private readonly EmitStrategy _emit;

    internal TimeWindowedKStream(KGroupedStream<TKey, TValue> grouped, TimeWindows windows, EmitStrategy emit)
    {
        _grouped = grouped;
        _windows = windows;
        _emit = emit;
    }

    /// <summary>Chooses when results are sent. Default: at every update.</summary>
    public TimeWindowedKStream<TKey, TValue> EmitStrategy(EmitStrategy strategy) => new(_grouped, _windows, strategy);

    /// <summary>Counts the records of each key and window, those without a value too.</summary>
    /// <param name="materialized">How the counts are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, long> Count(Materialized<TKey, long>? materialized = null, string? name = null)
    {
        _grouped.BurnForCount(materialized?.StoreName, materialized is not null);
        return AddTable<long>(
            OperatorKind.Aggregate,
            static () => 0,
            static (_, _, _, hasCount, count) => hasCount ? count + 1 : 1,
            _grouped.Complete(materialized, null),
            name);
    }

    /// <summary>Combines the values of each key and window into one. The first value is taken as it is.</summary>
    /// <param name="reducer">From the value so far and the new value to the next; null deletes the row.</param>
    /// <param name="materialized">How the values are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, TValue> Reduce(
        Func<TValue, TValue, TValue> reducer, Materialized<TKey, TValue>? materialized = null, string? name = null) =>
        AddTable(
            OperatorKind.Reduce,
            null,
            WindowAggregators.Reduce<TKey, TValue>(reducer),
            _grouped.Complete(materialized, _grouped.Grouped.ValueSerde),
            name);

    /// <summary>Aggregates the values of each key and window. Aggregates must not be changed in place: return a new one.</summary>
    /// <param name="initializer">Makes the aggregate of a window without records.</param>
    /// <param name="aggregator">From key, value and aggregate so far to the next; null deletes the row.</param>
    /// <param name="materialized">How the aggregates are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, TAggregate> Aggregate<TAggregate>(
        Func<TAggregate> initializer,
        Func<TKey, TValue, TAggregate, TAggregate> aggregator,
        Materialized<TKey, TAggregate>? materialized = null,
        string? name = null) =>
        AddTable(
            OperatorKind.Aggregate,
            initializer,
            WindowAggregators.Of(initializer, aggregator),
            _grouped.Complete(materialized, null),
            name);

    internal KTable<Windowed<TKey>, TResult> AddTable<TResult>(
        OperatorKind kind,
        Func<TResult>? initialize,
        WindowAggregator<TKey, TValue, TResult> aggregate,
        Materialized<TKey, TResult> materialized,
        string? name)
    {
        var graph = _grouped.Graph;
        var storeName = graph.Names.Store(kind, materialized.StoreName, _grouped.Stream.Node.Name);
        var nodeName = graph.Names.Node(kind, name, _grouped.Stream.Node.Name);
        var input = _grouped.RepartitionIfRequired(storeName, materialized.StoreName is not null);
        var keySerde = SerdeOf.Key(materialized.KeySerde, nodeName);
        var store = DslStores.Window(
            storeName, materialized, WindowRetention.Time(_windows, materialized.Retention, nodeName), _windows.SizeMs);
        var spec = new WindowTableSpec<TKey, TResult>(store) { Node = input.Node };
        var emitsOnClose = _emit == Dsl.EmitStrategy.OnWindowClose;
        var isThrifty = graph.HasCompatibility(KafkaCompatibility.DefaultRetention);
        spec.Node = graph.AddProcessor(
            nodeName,
            () => new TimeWindowAggregateNode<TKey, TValue, TResult>(
                storeName, _windows, initialize, aggregate, spec.OldValuesIn(graph), emitsOnClose, isThrifty),
            input.Node);
        spec.Node.GraceMs = _windows.GraceMs;
        spec.Node.Stores.Add(store);
        Coalescing.Apply(graph, spec, materialized.CoalesceUpdates);
        return new KTable<Windowed<TKey>, TResult>(
            graph, spec, new TimeWindowedSerde<TKey>(keySerde, _windows.SizeMs), materialized.ValueSerde);
    }
}
