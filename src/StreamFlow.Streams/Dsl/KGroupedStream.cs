using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <summary>A stream grouped by its key, to be aggregated. Records without a key or value are dropped and counted.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed partial class KGroupedStream<TKey, TValue>
{
    private readonly bool _isRepartitionRequired;
    private KStream<TKey, TValue>? _shared;

    internal KGroupedStream(KStream<TKey, TValue> stream, Grouped<TKey, TValue> grouped, bool isRepartitionRequired)
    {
        Stream = stream;
        Grouped = grouped;
        _isRepartitionRequired = isRepartitionRequired;
    }

    internal KStream<TKey, TValue> Stream { get; }

    /// <summary>The serdes are those of the stream where the user gave none.</summary>
    internal Grouped<TKey, TValue> Grouped { get; }

    internal TopologyGraph Graph => Stream.Graph;

    /// <summary>Counts the records of each key.</summary>
    /// <param name="materialized">How the counts are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, long> Count(Materialized<TKey, long>? materialized = null, string? name = null)
    {
        BurnForCount(materialized?.StoreName, materialized is not null);
        return Aggregate(OperatorKind.Aggregate, static () => 0L, static (_, _, count) => count + 1, materialized, name);
    }

    /// <summary>Combines the values of each key into one.</summary>
    /// <param name="reducer">From the value so far and the new value to the next; null deletes the row.</param>
    /// <param name="materialized">How the values are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TValue> Reduce(
        Func<TValue, TValue, TValue> reducer, Materialized<TKey, TValue>? materialized = null, string? name = null)
    {
        var complete = Complete(materialized, Grouped.ValueSerde);
        return AddTable(
            OperatorKind.Reduce, complete, name, spec => new ReduceNode<TKey, TValue>(spec.Store!.Name, reducer, spec.SendsOldValues));
    }

    /// <summary>Aggregates the values of each key. Aggregates must not be changed in place: return a new one.</summary>
    /// <param name="initializer">Makes the aggregate of a key without records.</param>
    /// <param name="aggregator">From key, value and aggregate so far to the next; null deletes the row.</param>
    /// <param name="materialized">How the aggregates are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TAggregate> Aggregate<TAggregate>(
        Func<TAggregate> initializer,
        Func<TKey, TValue, TAggregate, TAggregate> aggregator,
        Materialized<TKey, TAggregate>? materialized = null,
        string? name = null) =>
        Aggregate(OperatorKind.Aggregate, initializer, aggregator, materialized, name);

    /// <summary>Aggregates this stream together with others into one table, each with a function of its own.</summary>
    /// <param name="aggregator">From key, value and aggregate so far to the next; null deletes the row.</param>
    public CogroupedKStream<TKey, TOut> Cogroup<TOut>(Func<TKey, TValue, TOut, TOut> aggregator)
    {
        ArgumentNullException.ThrowIfNull(aggregator);
        return new([new CogroupPart<TKey, TValue, TOut>(this, aggregator)]);
    }

    /// <summary>The stream the aggregation reads, behind a repartition topic if the key may have changed.</summary>
    /// <param name="storeName">Names the topic when the grouping has no name.</param>
    /// <param name="isStoreNameGiven">Whether the store's name comes from the user.</param>
    internal KStream<TKey, TValue> RepartitionIfRequired(string storeName, bool isStoreNameGiven)
    {
        if (!_isRepartitionRequired)
        {
            return Stream;
        }

        if (_shared is not null)
        {
            return _shared;
        }

        var given = Grouped.Name ?? (isStoreNameGiven ? storeName : null);
        var settings = new Repartitioned<TKey, TValue> { KeySerde = Grouped.KeySerde, ValueSerde = Grouped.ValueSerde };
        var repartitioned = Stream.RepartitionAs(settings, Grouped.Name ?? storeName, given);
        if (Grouped.Name is not null)
        {
            _shared = repartitioned;
        }

        return repartitioned;
    }

    /// <summary>Kafka Streams takes a number for count when its Materialized has no name; kept for equal numbering.</summary>
    internal void BurnForCount(string? storeName, bool isMaterialized)
    {
        if (storeName is null && isMaterialized)
        {
            Graph.Names.Burn();
        }
    }

    internal Materialized<TKey, TResult> Complete<TResult>(Materialized<TKey, TResult>? materialized, Serde<TResult>? valueSerde) =>
        (materialized ?? new()) with
        {
            KeySerde = materialized?.KeySerde ?? Grouped.KeySerde,
            ValueSerde = materialized?.ValueSerde ?? valueSerde,
        };

    private KTable<TKey, TAggregate> Aggregate<TAggregate>(
        OperatorKind kind,
        Func<TAggregate> initializer,
        Func<TKey, TValue, TAggregate, TAggregate> aggregator,
        Materialized<TKey, TAggregate>? materialized,
        string? name)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(aggregator);
        return AddTable(
            kind,
            Complete(materialized, null),
            name,
            spec => new AggregateNode<TKey, TValue, TAggregate>(spec.Store!.Name, initializer, aggregator, spec.OldValuesIn(Graph)));
    }

    private KTable<TKey, TResult> AddTable<TResult>(
        OperatorKind kind, Materialized<TKey, TResult> materialized, string? name, Func<TableSpec<TKey, TResult>, ProcessorNode> create)
    {
        var storeName = Graph.Names.Store(kind, materialized.StoreName, Stream.Node.Name);
        var nodeName = Graph.Names.Node(kind, name, Stream.Node.Name);
        var input = RepartitionIfRequired(storeName, materialized.StoreName is not null);
        var store = DslStores.Table(storeName, materialized);
        var spec = new StoredTableSpec<TKey, TResult>(store) { Node = input.Node };
        spec.Node = Graph.AddProcessor(nodeName, () => create(spec), input.Node);
        spec.Node.Stores.Add(store);
        Coalescing.Apply(Graph, spec, materialized.CoalesceUpdates);
        return new KTable<TKey, TResult>(Graph, spec, materialized.KeySerde, materialized.ValueSerde);
    }
}
