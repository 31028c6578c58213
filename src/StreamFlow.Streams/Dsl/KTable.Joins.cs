using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Processors.Joins;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Joins of two tables on the same key. Both must have the same number of partitions.</content>
public sealed partial class KTable<TKey, TValue>
{
    /// <summary>The rows that both tables have. A change of either side updates the result.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="joiner">From both values to the result; null is no row.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it is computed when read.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TResult> Join<TOther, TResult>(
        KTable<TKey, TOther> other,
        Func<TValue, TOther, TResult> joiner,
        Materialized<TKey, TResult>? materialized = null,
        string? name = null) =>
        JoinTable(other, joiner, JoinType.Inner, materialized, name);

    /// <summary>All rows of this table, with those of the other where it has them.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="joiner">From both values to the result; the other one is the default where it is missing. Null is no row.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it is computed when read.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TResult> LeftJoin<TOther, TResult>(
        KTable<TKey, TOther> other,
        Func<TValue, TOther?, TResult> joiner,
        Materialized<TKey, TResult>? materialized = null,
        string? name = null) =>
        JoinTable(other, joiner!, JoinType.Left, materialized, name);

    /// <summary>The rows that either table has.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="joiner">From both values to the result; a missing one is the default. Null is no row.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it is computed when read.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TResult> OuterJoin<TOther, TResult>(
        KTable<TKey, TOther> other,
        Func<TValue?, TOther?, TResult> joiner,
        Materialized<TKey, TResult>? materialized = null,
        string? name = null) =>
        JoinTable(other, joiner!, JoinType.Outer, materialized, name);

    private KTable<TKey, TResult> JoinTable<TOther, TResult>(
        KTable<TKey, TOther> other,
        Func<TValue, TOther, TResult> join,
        JoinType type,
        Materialized<TKey, TResult>? materialized,
        string? name)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(join);
        var complete = materialized is null ? null : materialized with { KeySerde = materialized.KeySerde ?? KeySerde };
        var store = complete is null
            ? null
            : DslStores.Table(Graph.Names.Store(OperatorKind.TableMerge, complete.StoreName, Node.Name, other.Node.Name), complete);
        var mergeName = Graph.Names.Node(OperatorKind.TableMerge, name, Node.Name, other.Node.Name);
        var spec = new JoinedTableSpec<TKey, TValue, TOther, TResult>(Spec, other.Spec, join, type, store) { Node = Node };
        RequestOldValues(other, type);
        var left = AddSide(
            Graph.Names.Node(OperatorKind.TableJoinThis, Suffixed(name, "-join-this"), mergeName),
            Spec,
            other.Spec,
            join,
            new JoinNeeds(type != JoinType.Outer, type == JoinType.Inner),
            spec);
        var right = AddSide(
            Graph.Names.Node(OperatorKind.TableJoinOther, Suffixed(name, "-join-other"), mergeName),
            other.Spec,
            Spec,
            (theirs, ours) => join(ours, theirs),
            new JoinNeeds(type == JoinType.Inner, type != JoinType.Outer),
            spec);
        spec.Node = Graph.AddProcessor(mergeName, () => new TableMergeNode<TKey, TResult>(spec.Store?.Name), left, right);
        Connect(spec, store);
        Graph.Copartition(Node, other.Node);
        return new KTable<TKey, TResult>(Graph, spec, complete?.KeySerde ?? KeySerde, complete?.ValueSerde);
    }

    private static string? Suffixed(string? name, string suffix) => name is null ? null : name + suffix;

    private static void Connect<TOther, TResult>(JoinedTableSpec<TKey, TValue, TOther, TResult> spec, StoreBuilder? store)
    {
        if (store is not null)
        {
            spec.TakeStore();
            spec.Node.Stores.Add(store);
        }
    }

    /// <summary>Left and outer joins must tell "was never there" from "is gone", which takes the old values of the kept sides.</summary>
    private void RequestOldValues<TOther>(KTable<TKey, TOther> other, JoinType type)
    {
        if (type != JoinType.Inner)
        {
            Spec.RequestOldValues(materialize: true);
        }

        if (type == JoinType.Outer)
        {
            other.Spec.RequestOldValues(materialize: true);
        }
    }

    private GraphNode AddSide<TThis, TThat, TResult>(
        string nodeName,
        TableSpec<TKey, TThis> side,
        TableSpec<TKey, TThat> opposite,
        Func<TThis, TThat, TResult> join,
        JoinNeeds needs,
        TableSpec<TKey, TResult> result)
    {
        var stores = opposite.MakeReadable();
        var node = Graph.AddProcessor(
            nodeName,
            () => new TableJoinNode<TKey, TThis, TThat, TResult>(opposite.CreateReader, join, needs, side.IsVersioned,
                result.SendsOldValues),
            side.Node);
        node.StoreNames.AddRange(stores);
        return node;
    }
}
