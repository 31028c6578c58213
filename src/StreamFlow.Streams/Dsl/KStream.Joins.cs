using StreamFlow.Streams.Processors.Joins;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Joins with tables.</content>
public sealed partial class KStream<TKey, TValue>
{
    /// <summary>Joins each record with the row of its key in the table; records without one are left out.</summary>
    /// <param name="table">The table; it must have as many partitions as the stream.</param>
    /// <param name="joiner">From the record's value and the row's to the result.</param>
    /// <param name="joined">Serdes and name.</param>
    public KStream<TKey, TResult> Join<TTable, TResult>(
        KTable<TKey, TTable> table, Func<TValue, TTable, TResult> joiner, Joined<TKey, TValue, TTable>? joined = null)
    {
        ArgumentNullException.ThrowIfNull(joiner);
        return JoinTable(table, (_, value, row) => joiner(value, row), false, joined);
    }

    /// <summary>Joins each record with the row of its key in the table; records without one are left out.</summary>
    /// <param name="table">The table; it must have as many partitions as the stream.</param>
    /// <param name="joiner">From the key, the record's value and the row's to the result.</param>
    /// <param name="joined">Serdes and name.</param>
    public KStream<TKey, TResult> Join<TTable, TResult>(
        KTable<TKey, TTable> table, Func<TKey, TValue, TTable, TResult> joiner, Joined<TKey, TValue, TTable>? joined = null) =>
        JoinTable(table, joiner, false, joined);

    /// <summary>Joins each record with the row of its key in the table, if there is one.</summary>
    /// <param name="table">The table; it must have as many partitions as the stream.</param>
    /// <param name="joiner">From the record's value and the row's (the default where it is missing) to the result.</param>
    /// <param name="joined">Serdes and name.</param>
    public KStream<TKey, TResult> LeftJoin<TTable, TResult>(
        KTable<TKey, TTable> table, Func<TValue, TTable?, TResult> joiner, Joined<TKey, TValue, TTable>? joined = null)
    {
        ArgumentNullException.ThrowIfNull(joiner);
        return JoinTable(table, (_, value, row) => joiner(value, row), true, joined);
    }

    /// <summary>Joins each record with the row of its key in the table, if there is one.</summary>
    /// <param name="table">The table; it must have as many partitions as the stream.</param>
    /// <param name="joiner">From the key, the record's value and the row's (the default where it is missing) to the result.</param>
    /// <param name="joined">Serdes and name.</param>
    public KStream<TKey, TResult> LeftJoin<TTable, TResult>(
        KTable<TKey, TTable> table, Func<TKey, TValue, TTable?, TResult> joiner, Joined<TKey, TValue, TTable>? joined = null) =>
        JoinTable(table, joiner!, true, joined);

    /// <summary>This stream partitioned by its key, through an internal topic if the key may have changed.</summary>
    /// <param name="settings">Serdes; what is missing is taken from the stream.</param>
    /// <param name="givenName">The user's name for the topic; null to name it by the stream.</param>
    internal KStream<TKey, TValue> RepartitionForJoin(Repartitioned<TKey, TValue> settings, string? givenName) => !IsRepartitionRequired
        ? this
        : RepartitionAs(
            settings with { KeySerde = settings.KeySerde ?? KeySerde, ValueSerde = settings.ValueSerde ?? ValueSerde },
            givenName ?? Node.Name,
            givenName);

    private KStream<TKey, TResult> JoinTable<TTable, TResult>(
        KTable<TKey, TTable> table, Func<TKey, TValue, TTable, TResult> join, bool isLeft, Joined<TKey, TValue, TTable>? joined)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(join);
        joined ??= new();
        var input = RepartitionForJoin(new() { KeySerde = joined.KeySerde, ValueSerde = joined.ValueSerde }, joined.Name);
        var name = Graph.Names.Node(
            isLeft ? OperatorKind.StreamTableLeftJoin : OperatorKind.StreamTableJoin, joined.Name, input.Node.Name, table.Node.Name);
        var stores = table.Spec.MakeReadable();
        var node = Graph.Add(
            new GraphNode(name, () => new StreamTableJoinNode<TKey, TValue, TTable, TResult>(table.Spec.CreateReader, join, isLeft))
            {
                ChangesValue = true,
                TakesNullKeys = isLeft,
            },
            input.Node);
        node.StoreNames.AddRange(stores);
        Graph.Copartition(input.Node, table.Node);
        return new KStream<TKey, TResult>(Graph, node, joined.KeySerde ?? KeySerde, null, input.IsRepartitionRequired);
    }
}
