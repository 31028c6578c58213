using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <summary>
/// A table: the latest value per key of a changelog. Operators return new tables, which follow this one's changes.
/// Null and absent values are the absence of a row.
/// </summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed partial class KTable<TKey, TValue>
{
    internal KTable(TopologyGraph graph, TableSpec<TKey, TValue> spec, Serde<TKey>? keySerde, Serde<TValue>? valueSerde)
    {
        Graph = graph;
        Spec = spec;
        KeySerde = keySerde;
        ValueSerde = valueSerde;
    }

    /// <summary>The name of the table's store; null when it has none.</summary>
    public string? StoreName => Spec.Store?.Name;

    internal TopologyGraph Graph { get; }

    internal TableSpec<TKey, TValue> Spec { get; }

    /// <summary>The node whose changes this is.</summary>
    internal GraphNode Node => Spec.Node;

    internal Serde<TKey>? KeySerde { get; }

    internal Serde<TValue>? ValueSerde { get; }

    /// <summary>Keeps the rows for which the predicate holds; a row that leaves becomes a tombstone.</summary>
    /// <param name="predicate">Of key and value.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it is computed from this table when read.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TValue> Filter(
        Func<TKey, TValue, bool> predicate, Materialized<TKey, TValue>? materialized = null, string? name = null) =>
        FilterRows((TKey key, TValue value, out TValue? result) => Keep(predicate(key, value), value, out result), materialized, name);

    /// <summary>Keeps the rows for which the predicate does not hold; a row that leaves becomes a tombstone.</summary>
    /// <param name="predicate">Of key and value.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it is computed from this table when read.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TValue> FilterNot(
        Func<TKey, TValue, bool> predicate, Materialized<TKey, TValue>? materialized = null, string? name = null) =>
        FilterRows((TKey key, TValue value, out TValue? result) => Keep(!predicate(key, value), value, out result), materialized, name);

    /// <summary>Replaces the values of the rows.</summary>
    /// <param name="map">From the value to the new one; null deletes the row. Not called for absent rows.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it is computed from this table when read.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TNewValue> MapValues<TNewValue>(
        Func<TValue, TNewValue> map, Materialized<TKey, TNewValue>? materialized = null, string? name = null) =>
        MapValues((_, value) => map(value), materialized, name);

    /// <summary>Replaces the values of the rows.</summary>
    /// <param name="map">From key and value to the new value; null deletes the row. Not called for absent rows.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it is computed from this table when read.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TNewValue> MapValues<TNewValue>(
        Func<TKey, TValue, TNewValue> map, Materialized<TKey, TNewValue>? materialized = null, string? name = null)
    {
        var complete = materialized is null ? null : materialized with { KeySerde = materialized.KeySerde ?? KeySerde };
        return AddDerived(
            OperatorKind.TableMapValues,
            (TKey key, TValue value, out TNewValue? result) => (result = map(key, value)) is not null,
            complete,
            name,
            isFilter: false);
    }

    /// <summary>The changes as a stream of records: new values, and records without value for deleted rows.</summary>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TValue> ToStream(string? name = null)
    {
        var node = Graph.AddProcessor(
            Graph.Names.Node(OperatorKind.ToStream, name, Node.Name), static () => new ToStreamNode<TKey, TValue>(), Node);
        return new KStream<TKey, TValue>(Graph, node, KeySerde, ValueSerde, false);
    }

    /// <summary>The changes as a stream of records under a new key.</summary>
    /// <param name="select">From key and value (null or default for deleted rows) to the new key.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TNewKey, TValue> ToStream<TNewKey>(Func<TKey, TValue, TNewKey> select, string? name = null) =>
        ToStream(name).SelectKey(select);

    private static bool Keep(bool holds, TValue value, out TValue? result)
    {
        result = holds ? value : default;
        return holds;
    }

    private KTable<TKey, TValue> FilterRows(
        TableFunction<TKey, TValue, TValue> filter, Materialized<TKey, TValue>? materialized, string? name)
    {
        var complete = materialized is null
            ? null
            : materialized with { KeySerde = materialized.KeySerde ?? KeySerde, ValueSerde = materialized.ValueSerde ?? ValueSerde };
        return AddDerived(OperatorKind.TableFilter, filter, complete, name, isFilter: true);
    }

    private KTable<TKey, TNewValue> AddDerived<TNewValue>(
        OperatorKind kind,
        TableFunction<TKey, TValue, TNewValue> map,
        Materialized<TKey, TNewValue>? materialized,
        string? name,
        bool isFilter)
    {
        if (materialized is { StoreName: null })
        {
            Graph.Names.Burn();
        }

        var nodeName = Graph.Names.Node(kind, name, Node.Name);
        var store = materialized?.StoreName is { } storeName
            ? DslStores.Table(Graph.Names.Store(kind, storeName, Node.Name), materialized)
            : null;
        var spec = new DerivedTableSpec<TKey, TValue, TNewValue>(Spec, map, store) { Node = Node };
        if (isFilter)
        {
            spec.TakeOldValuesIfFree();
        }

        spec.Node = Graph.AddProcessor(
            nodeName,
            () => new TableMapNode<TKey, TValue, TNewValue>(map, spec.Store?.Name, spec.SendsOldValues, isFilter && !Spec.IsVersioned),
            Node);
        if (store is not null)
        {
            spec.Node.Stores.Add(store);
        }

        return new KTable<TKey, TNewValue>(
            Graph,
            spec,
            materialized?.KeySerde ?? KeySerde,
            materialized?.ValueSerde ?? (typeof(TNewValue) == typeof(TValue) && isFilter ? (Serde<TNewValue>?)(object?)ValueSerde : null));
    }
}
