using StreamFlow.Streams.Processors.Joins;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Joins with global tables: by any key, without repartitioning.</content>
public sealed partial class KStream<TKey, TValue>
{
    /// <summary>Joins each record with a row of a global table; records without one are left out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="selectKey">From the record's key and value to the row's key; not called for records without a value.</param>
    /// <param name="joiner">From the record's value and the row's to the result.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TResult> Join<TGlobalKey, TGlobal, TResult>(
        GlobalKTable<TGlobalKey, TGlobal> table,
        Func<TKey, TValue, TGlobalKey?> selectKey,
        Func<TValue, TGlobal, TResult> joiner,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(joiner);
        return JoinGlobal(table, selectKey, (_, value, row) => joiner(value, row), false, name);
    }

    /// <summary>Joins each record with a row of a global table; records without one are left out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="selectKey">From the record's key and value to the row's key; not called for records without a value.</param>
    /// <param name="joiner">From the record's key, its value and the row's value to the result.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TResult> Join<TGlobalKey, TGlobal, TResult>(
        GlobalKTable<TGlobalKey, TGlobal> table,
        Func<TKey, TValue, TGlobalKey?> selectKey,
        Func<TKey, TValue, TGlobal, TResult> joiner,
        string? name = null) =>
        JoinGlobal(table, selectKey, joiner, false, name);

    /// <summary>Joins each record with a row of a global table, if there is one.</summary>
    /// <param name="table">The table.</param>
    /// <param name="selectKey">From the record's key and value to the row's key, null for none; not called without a value.</param>
    /// <param name="joiner">From the record's value and the row's (the default where it is missing) to the result.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TResult> LeftJoin<TGlobalKey, TGlobal, TResult>(
        GlobalKTable<TGlobalKey, TGlobal> table,
        Func<TKey, TValue, TGlobalKey?> selectKey,
        Func<TValue, TGlobal?, TResult> joiner,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(joiner);
        return JoinGlobal(table, selectKey, (_, value, row) => joiner(value, row), true, name);
    }

    /// <summary>Joins each record with a row of a global table, if there is one.</summary>
    /// <param name="table">The table.</param>
    /// <param name="selectKey">From the record's key and value to the row's key, null for none; not called without a value.</param>
    /// <param name="joiner">From the record's key, its value and the row's value (the default where it is missing) to the result.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TResult> LeftJoin<TGlobalKey, TGlobal, TResult>(
        GlobalKTable<TGlobalKey, TGlobal> table,
        Func<TKey, TValue, TGlobalKey?> selectKey,
        Func<TKey, TValue, TGlobal?, TResult> joiner,
        string? name = null) =>
        JoinGlobal(table, selectKey, joiner!, true, name);

    private KStream<TKey, TResult> JoinGlobal<TGlobalKey, TGlobal, TResult>(
        GlobalKTable<TGlobalKey, TGlobal> table,
        Func<TKey, TValue, TGlobalKey?> selectKey,
        Func<TKey, TValue, TGlobal, TResult> join,
        bool isLeft,
        string? name)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(selectKey);
        ArgumentNullException.ThrowIfNull(join);
        var node = Graph.Add(
            new GraphNode(
                Graph.Names.Node(OperatorKind.StreamTableLeftJoin, name, Node.Name, table.NodeName),
                () => new StreamGlobalJoinNode<TKey, TValue, TGlobalKey, TGlobal, TResult>(table.CreateReader, selectKey, join, isLeft))
            {
                ChangesValue = true,
                TakesNullKeys = isLeft,
            },
            Node);
        node.StoreNames.Add(table.StoreName);
        return new KStream<TKey, TResult>(Graph, node, KeySerde, null, IsRepartitionRequired);
    }
}
