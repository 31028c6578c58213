using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processors.Joins;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Joins;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Joins with tables.</content>
public sealed partial class KStream<TKey, TValue>
{
    private KStream<TKey, TValue>? _repartitioned;

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

    /// <summary>
    /// This stream partitioned by its key, through an internal topic if the key may have changed. Joins without a name of the user's share
    /// one topic.
    /// </summary>
    /// <param name="settings">Serdes; what is missing is taken from the stream.</param>
    /// <param name="givenName">The user's name for the topic; null to name it by the stream.</param>
    internal KStream<TKey, TValue> RepartitionForJoin(Repartitioned<TKey, TValue> settings, string? givenName)
    {
        if (!IsRepartitionRequired)
        {
            return this;
        }

        if (givenName is null && _repartitioned is not null)
        {
            // Kafka Streams takes the names of sink, filter and source before it sees that it needs none.
            Graph.Names.Burn(3);
            return _repartitioned;
        }

        return _repartitioned = RepartitionAs(
            settings with { KeySerde = settings.KeySerde ?? KeySerde, ValueSerde = settings.ValueSerde ?? ValueSerde },
            givenName ?? Node.Name,
            givenName);
    }

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
        var buffer = joined.GracePeriod is { } grace ? JoinBuffer(name, grace, table.Spec.HistoryMs, joined) : null;
        var node = Graph.Add(
            new GraphNode(
                name,
                () => new StreamTableJoinNode<TKey, TValue, TTable, TResult>(table.Spec.CreateReader, join, isLeft, buffer?.Name))
            {
                ChangesValue = true,
                TakesNullKeys = isLeft,
            },
            input.Node);
        node.StoreNames.AddRange(stores);
        if (buffer is not null)
        {
            node.Stores.Add(buffer);
        }

        Graph.Copartition(input.Node, table.Node);
        return new KStream<TKey, TResult>(Graph, node, joined.KeySerde ?? KeySerde, null, input.IsRepartitionRequired);
    }

    /// <summary>Where records wait until the table's history is complete up to their time.</summary>
    private JoinBufferBuilder<TKey, TValue> JoinBuffer<TTable>(
        string nodeName, TimeSpan grace, long? historyMs, Joined<TKey, TValue, TTable> joined)
    {
        var graceMs = Durations.NotNegative(grace, "grace period");
        if (historyMs is null || historyMs < graceMs)
        {
            throw new TopologyException(
                $"node '{nodeName}' waits {graceMs} ms for late changes of its table, whose history "
                + (historyMs is null ? "is not kept" : $"goes back {historyMs} ms")
                + "; give the table Materialized.WithHistoryRetention of at least the grace period");
        }

        var name = nodeName + "-Buffer";
        if (joined.Name is null)
        {
            Graph.Names.GeneratedResources.Add(name);
        }

        return new(
            new StoreDescriptor { Name = name, Kind = StoreKind.Buffer, RetentionMs = graceMs },
            SerdeOf.Key(joined.KeySerde ?? KeySerde, name),
            SerdeOf.Value(joined.ValueSerde ?? ValueSerde, name));
    }
}
