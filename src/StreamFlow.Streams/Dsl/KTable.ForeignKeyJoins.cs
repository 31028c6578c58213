using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Joins of two tables by a foreign key (KIP-213). They may have different numbers of partitions.</content>
public sealed partial class KTable<TKey, TValue>
{
    /// <summary>
    /// The rows of this table whose foreign key names a row of the other. A change of either side updates the result; a change of the other
    /// table updates every row that names it.
    /// </summary>
    /// <param name="other">The other table.</param>
    /// <param name="foreignKey">From a row's value to the other table's key; null: the row is left out.</param>
    /// <param name="joiner">From both values to the result; null is no row.</param>
    /// <param name="joined">Name, serdes and partitions.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it gets one only if an operator must read it.</param>
    /// <exception cref="Errors.TopologyException">A serde is missing.</exception>
    public KTable<TKey, TResult> Join<TForeignKey, TForeign, TResult>(
        KTable<TForeignKey, TForeign> other,
        Func<TValue, TForeignKey?> foreignKey,
        Func<TValue, TForeign, TResult> joiner,
        TableJoined<TKey, TValue, TForeignKey, TForeign>? joined = null,
        Materialized<TKey, TResult>? materialized = null)
    {
        ArgumentNullException.ThrowIfNull(foreignKey);
        return JoinForeign(other, (_, value) => foreignKey(value), joiner, false, joined, materialized);
    }

    /// <summary>
    /// The rows of this table whose foreign key names a row of the other. A change of either side updates the result; a change of the other
    /// table updates every row that names it.
    /// </summary>
    /// <param name="other">The other table.</param>
    /// <param name="foreignKey">From a row's key and value to the other table's key; null: the row is left out.</param>
    /// <param name="joiner">From both values to the result; null is no row.</param>
    /// <param name="joined">Name, serdes and partitions.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it gets one only if an operator must read it.</param>
    /// <exception cref="Errors.TopologyException">A serde is missing.</exception>
    public KTable<TKey, TResult> Join<TForeignKey, TForeign, TResult>(
        KTable<TForeignKey, TForeign> other,
        Func<TKey, TValue, TForeignKey?> foreignKey,
        Func<TValue, TForeign, TResult> joiner,
        TableJoined<TKey, TValue, TForeignKey, TForeign>? joined = null,
        Materialized<TKey, TResult>? materialized = null) =>
        JoinForeign(other, foreignKey, joiner, false, joined, materialized);

    /// <summary>All rows of this table, with the row of the other that their foreign key names where there is one.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="foreignKey">From a row's value to the other table's key; null: the row names none.</param>
    /// <param name="joiner">From both values to the result; the other one is the default where it is missing. Null is no row.</param>
    /// <param name="joined">Name, serdes and partitions.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it gets one only if an operator must read it.</param>
    /// <exception cref="Errors.TopologyException">A serde is missing.</exception>
    public KTable<TKey, TResult> LeftJoin<TForeignKey, TForeign, TResult>(
        KTable<TForeignKey, TForeign> other,
        Func<TValue, TForeignKey?> foreignKey,
        Func<TValue, TForeign?, TResult> joiner,
        TableJoined<TKey, TValue, TForeignKey, TForeign>? joined = null,
        Materialized<TKey, TResult>? materialized = null)
    {
        ArgumentNullException.ThrowIfNull(foreignKey);
        return JoinForeign(other, (_, value) => foreignKey(value), joiner!, true, joined, materialized);
    }

    /// <summary>All rows of this table, with the row of the other that their foreign key names where there is one.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="foreignKey">From a row's key and value to the other table's key; null: the row names none.</param>
    /// <param name="joiner">From both values to the result; the other one is the default where it is missing. Null is no row.</param>
    /// <param name="joined">Name, serdes and partitions.</param>
    /// <param name="materialized">Gives the result a store of its own; null: it gets one only if an operator must read it.</param>
    /// <exception cref="Errors.TopologyException">A serde is missing.</exception>
    public KTable<TKey, TResult> LeftJoin<TForeignKey, TForeign, TResult>(
        KTable<TForeignKey, TForeign> other,
        Func<TKey, TValue, TForeignKey?> foreignKey,
        Func<TValue, TForeign?, TResult> joiner,
        TableJoined<TKey, TValue, TForeignKey, TForeign>? joined = null,
        Materialized<TKey, TResult>? materialized = null) =>
        JoinForeign(other, foreignKey, joiner!, true, joined, materialized);

    private KTable<TKey, TResult> JoinForeign<TForeignKey, TForeign, TResult>(
        KTable<TForeignKey, TForeign> other,
        Func<TKey, TValue, TForeignKey?> foreignKey,
        Func<TValue, TForeign, TResult> join,
        bool isLeft,
        TableJoined<TKey, TValue, TForeignKey, TForeign>? joined,
        Materialized<TKey, TResult>? materialized)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(foreignKey);
        ArgumentNullException.ThrowIfNull(join);
        joined = (joined ?? new()) with
        {
            KeySerde = joined?.KeySerde ?? KeySerde,
            ValueSerde = joined?.ValueSerde ?? ValueSerde,
            ForeignKeySerde = joined?.ForeignKeySerde ?? other.KeySerde,
            ForeignSerde = joined?.ForeignSerde ?? other.ValueSerde,
        };
        var kept = (materialized ?? new()) with { KeySerde = materialized?.KeySerde ?? joined.KeySerde };
        Spec.RequestOldValues(materialize: true);
        var spec = new ForeignKeyJoinPlan<TKey, TValue, TForeignKey, TForeign, TResult>(
            Graph, Spec, other.Spec, joined, isLeft, foreignKey, join).Add(kept);
        return new KTable<TKey, TResult>(Graph, spec, kept.KeySerde, kept.ValueSerde);
    }
}
