using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;
using StreamFlow.Streams.Windows;

namespace StreamFlow.Streams.Dsl;

/// <summary>
/// A stream grouped by key and sessions, to be aggregated. Records without a key are dropped and counted; null values reach the
/// aggregator. A record may merge sessions, which are then withdrawn with tombstones.
/// </summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed class SessionWindowedKStream<TKey, TValue>
{
    private readonly KGroupedStream<TKey, TValue> _grouped;
    private readonly SessionWindows _windows;
    private readonly EmitStrategy _emit;

    internal SessionWindowedKStream(KGroupedStream<TKey, TValue> grouped, SessionWindows windows, EmitStrategy emit)
    {
        _grouped = grouped;
        _windows = windows;
        _emit = emit;
    }

    /// <summary>Chooses when results are sent. Default: at every update.</summary>
    public SessionWindowedKStream<TKey, TValue> EmitStrategy(EmitStrategy strategy) => new(_grouped, _windows, strategy);

    /// <summary>Counts the records of each key and session, those without a value too.</summary>
    /// <param name="materialized">How the counts are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, long> Count(Materialized<TKey, long>? materialized = null, string? name = null)
    {
        _grouped.BurnForCount(materialized?.StoreName, materialized is not null);
        var fold = new SessionFold<TKey, TValue, long>(
            static () => 0, static (_, _, a, b) => a + b, static (_, _, _, _, count) => count + 1);
        return AddTable(OperatorKind.Aggregate, fold, _grouped.Complete(materialized, null), name);
    }

    /// <summary>Combines the values of each key and session into one. The first value is taken as it is.</summary>
    /// <param name="reducer">From the value so far and the new value, or that of a merged session, to the next; null deletes the
    /// row.</param>
    /// <param name="materialized">How the values are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, TValue> Reduce(
        Func<TValue, TValue, TValue> reducer, Materialized<TKey, TValue>? materialized = null, string? name = null) =>
        AddTable(
            OperatorKind.Reduce,
            new(null, (_, hasValue, a, b) => hasValue ? reducer(a!, b) : b, WindowAggregators.Reduce<TKey, TValue>(reducer)),
            _grouped.Complete(materialized, _grouped.Grouped.ValueSerde),
            name);

    /// <summary>Aggregates the values of each key and session. Aggregates must not be changed in place: return a new one.</summary>
    /// <param name="initializer">Makes the aggregate of a session without records.</param>
    /// <param name="aggregator">From key, value and aggregate so far to the next; null deletes the row.</param>
    /// <param name="merger">From key and the aggregates of two sessions to that of both.</param>
    /// <param name="materialized">How the aggregates are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, TAggregate> Aggregate<TAggregate>(
        Func<TAggregate> initializer,
        Func<TKey, TValue, TAggregate, TAggregate> aggregator,
        Func<TKey, TAggregate, TAggregate, TAggregate> merger,
        Materialized<TKey, TAggregate>? materialized = null,
        string? name = null) =>
        AddTable(
            OperatorKind.Aggregate,
            SessionFolds.Of(initializer, aggregator, merger),
            _grouped.Complete(materialized, null),
            name);

    internal KTable<Windowed<TKey>, TResult> AddTable<TResult>(
        OperatorKind kind, SessionFold<TKey, TValue, TResult> fold, Materialized<TKey, TResult> materialized, string? name)
    {
        var graph = _grouped.Graph;
        var storeName = graph.Names.Store(kind, materialized.StoreName, _grouped.Stream.Node.Name);
        var nodeName = graph.Names.Node(kind, name, _grouped.Stream.Node.Name);
        var input = _grouped.RepartitionIfRequired(storeName, materialized.StoreName is not null);
        var asKafka = graph.HasCompatibility(KafkaCompatibility.DefaultRetention);
        var store = DslStores.Session(
            storeName, materialized, WindowRetention.Session(_windows, materialized.Retention, nodeName, asKafka));
        var spec = new SessionTableSpec<TKey, TResult>(store) { Node = input.Node };
        var emitsOnClose = _emit == Dsl.EmitStrategy.OnWindowClose;
        spec.Node = graph.AddProcessor(
            nodeName,
            () => new SessionAggregateNode<TKey, TValue, TResult>(storeName, _windows, fold, spec.SendsOldValues, emitsOnClose),
            input.Node);
        spec.Node.GraceMs = _windows.GraceMs + _windows.GapMs;
        spec.Node.Stores.Add(store);
        var keySerde = new SessionWindowedSerde<TKey>(SerdeOf.Key(materialized.KeySerde, nodeName));
        Coalescing.Apply(graph, spec, materialized.CoalesceUpdates);
        return new KTable<Windowed<TKey>, TResult>(graph, spec, keySerde, materialized.ValueSerde);
    }
}
