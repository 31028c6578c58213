using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <summary>
/// The rows of a table in groups, to be aggregated. When a row changes, its old value is taken out of its group and its new value is
/// put into the group it is in now; between the two it may be seen in neither.
/// </summary>
/// <typeparam name="TKey">The group's key type.</typeparam>
/// <typeparam name="TValue">The type of the values in the groups.</typeparam>
public sealed class KGroupedTable<TKey, TValue>
{
    private readonly TopologyGraph _graph;
    private readonly GraphNode _node;
    private readonly Grouped<TKey, TValue> _grouped;
    private RepartitionGraphNode? _shared;

    internal KGroupedTable(TopologyGraph graph, GraphNode node, Grouped<TKey, TValue> grouped)
    {
        _graph = graph;
        _node = node;
        _grouped = grouped;
    }

    /// <summary>Counts the rows of each group. A group that lost its last row stays, with 0.</summary>
    /// <param name="materialized">How the counts are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, long> Count(Materialized<TKey, long>? materialized = null, string? name = null) =>
        AddTable(
            OperatorKind.TableAggregate,
            static (_, _, _, hasCount, count) => hasCount ? count + 1 : 1,
            static (_, _, count) => count - 1,
            Complete(materialized, null),
            name);

    /// <summary>Combines the values of each group into one.</summary>
    /// <param name="adder">From the value so far and an added one to the next.</param>
    /// <param name="subtractor">From the value so far and a removed one to the next.</param>
    /// <param name="materialized">How the values are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TValue> Reduce(
        Func<TValue, TValue, TValue> adder,
        Func<TValue, TValue, TValue> subtractor,
        Materialized<TKey, TValue>? materialized = null,
        string? name = null) =>
        AddTable(
            OperatorKind.TableReduce,
            WindowAggregators.Reduce<TKey, TValue>(adder),
            (_, removed, value) => subtractor(value, removed),
            Complete(materialized, _grouped.ValueSerde),
            name);

    /// <summary>Aggregates the values of each group. Aggregates must not be changed in place: return a new one.</summary>
    /// <param name="initializer">Makes the aggregate of an empty group.</param>
    /// <param name="adder">From key, added value and aggregate so far to the next; null deletes the row.</param>
    /// <param name="subtractor">From key, removed value and aggregate so far to the next; null deletes the row.</param>
    /// <param name="materialized">How the aggregates are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TAggregate> Aggregate<TAggregate>(
        Func<TAggregate> initializer,
        Func<TKey, TValue, TAggregate, TAggregate> adder,
        Func<TKey, TValue, TAggregate, TAggregate> subtractor,
        Materialized<TKey, TAggregate>? materialized = null,
        string? name = null) =>
        AddTable(OperatorKind.TableAggregate, WindowAggregators.Of(initializer, adder), subtractor, Complete(materialized, null), name);

    private Materialized<TKey, TResult> Complete<TResult>(Materialized<TKey, TResult>? materialized, Serde<TResult>? valueSerde) =>
        (materialized ?? new()) with
        {
            KeySerde = materialized?.KeySerde ?? _grouped.KeySerde,
            ValueSerde = materialized?.ValueSerde ?? valueSerde,
        };

    private KTable<TKey, TResult> AddTable<TResult>(
        OperatorKind kind,
        WindowAggregator<TKey, TValue, TResult> add,
        Func<TKey, TValue, TResult, TResult> subtract,
        Materialized<TKey, TResult> materialized,
        string? name)
    {
        var storeName = _graph.Names.Store(OperatorKind.TableAggregate, materialized.StoreName, _node.Name);
        var input = Repartition(_graph.Names.Repartition(_grouped.Name ?? storeName, null, hasFilter: false));
        var nodeName = _graph.Names.Node(kind, name, _node.Name);
        var store = DslStores.Table(storeName, materialized);
        var spec = new StoredTableSpec<TKey, TResult>(store) { Node = input };
        spec.Node = _graph.AddProcessor(
            nodeName,
            () => new TableAggregateNode<TKey, TValue, TResult>(storeName, add, subtract, spec.SendsOldValues),
            input);
        spec.Node.Stores.Add(store);
        Coalescing.Apply(_graph, spec, materialized.CoalesceUpdates);
        return new KTable<TKey, TResult>(_graph, spec, materialized.KeySerde, materialized.ValueSerde);
    }

    private RepartitionGraphNode Repartition(RepartitionNames names)
    {
        if (_shared is not null)
        {
            return _shared;
        }

        var node = _graph.AddRepartition(
            names,
            SerdeOf.Key(_grouped.KeySerde, names.Sink),
            new ChangeSerde<TValue>(SerdeOf.Value(_grouped.ValueSerde, names.Sink)),
            _node);
        node.DropsNullKeys = false;
        if (_grouped.Name is not null)
        {
            _shared = node;
        }

        return node;
    }
}
