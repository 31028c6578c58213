using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Processors.ForeignKeys;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.ForeignKeys;

namespace StreamFlow.Streams.Topologies;

/// <summary>
/// Lays out a foreign-key join (KIP-213). Left changes become subscriptions, which go by foreign key to where the right rows are; answers
/// go by primary key back to where the left rows are:
/// <code>
/// left  -> send -> [registration topic] -> receive (subscriptions) -> join -+
/// right -> tell subscribers -----------------------------------------------+-> [response topic] -> resolve -> result
/// </code>
/// With Kafka's numbering the order in which names are taken is Kafka Streams'.
/// </summary>
internal sealed class ForeignKeyJoinPlan<TKey, TLeft, TForeignKey, TRight, TResult>
{
    private readonly TopologyGraph _graph;
    private readonly TableSpec<TKey, TLeft> _left;
    private readonly TableSpec<TForeignKey, TRight> _right;
    private readonly TableJoined<TKey, TLeft, TForeignKey, TRight> _joined;
    private readonly bool _isLeft;
    private readonly Func<TKey, TLeft, TForeignKey?> _foreignKey;
    private readonly Func<TLeft, TRight, TResult> _join;
    private readonly Serde<TKey> _keySerde;
    private readonly Serde<TLeft> _valueSerde;
    private readonly Serde<TForeignKey> _foreignKeySerde;
    private readonly Serde<TRight> _foreignSerde;
    private readonly ForeignKeyJoinNames _names;

    public ForeignKeyJoinPlan(
        TopologyGraph graph,
        TableSpec<TKey, TLeft> left,
        TableSpec<TForeignKey, TRight> right,
        TableJoined<TKey, TLeft, TForeignKey, TRight> joined,
        bool isLeft,
        Func<TKey, TLeft, TForeignKey?> foreignKey,
        Func<TLeft, TRight, TResult> join)
    {
        (_graph, _left, _right, _joined) = (graph, left, right, joined);
        (_isLeft, _foreignKey, _join) = (isLeft, foreignKey, join);
        _names = ForeignKeyJoinNames.Take(graph.Names, joined.Name, left.Node.Name, right.Node.Name);
        _keySerde = SerdeOf.Key(joined.KeySerde, _names.Result);
        _valueSerde = SerdeOf.Value(joined.ValueSerde, _names.Result);
        _foreignKeySerde = SerdeOf.Key(joined.ForeignKeySerde, _names.Result);
        _foreignSerde = SerdeOf.Value(joined.ForeignSerde, _names.Result);
    }

    /// <summary>Adds the nodes.</summary>
    /// <param name="materialized">How the result is kept; its key serde is known.</param>
    /// <returns>The table of results.</returns>
    public TableSpec<TKey, TResult> Add(Materialized<TKey, TResult> materialized)
    {
        var rightStores = _right.MakeReadable();
        var leftStores = _left.MakeReadable();
        var registration = AddRegistration();
        var subscriptions = new SubscriptionStoreBuilder<TForeignKey, TKey>(
            new StoreDescriptor { Name = _names.Store, Kind = StoreKind.KeyValue }, _foreignKeySerde, _keySerde, _names.Registration.Topic);

        var receive = _graph.AddProcessor(
            _names.Receive, () => new SubscriptionReceiveNode<TForeignKey, TKey>(_names.Store), registration);
        receive.Stores.Add(subscriptions);
        var answer = _graph.AddProcessor(
            _names.Answer, () => new SubscriptionJoinNode<TForeignKey, TRight, TKey>(_right.CreateReader), receive);
        answer.StoreNames.AddRange(rightStores);
        var isVersioned = _right.IsVersioned;
        var tell = _graph.AddProcessor(
            _names.Tell, () => new ForeignTableNode<TForeignKey, TRight, TKey>(_names.Store, isVersioned), _right.Node);
        tell.StoreNames.Add(_names.Store);

        var response = AddResponse(answer, tell);
        var resolve = _graph.AddProcessor(
            _names.Resolve,
            () => new ResponseResolverNode<TKey, TLeft, TRight, TResult>(
                _left.CreateReader, _join, _valueSerde, _names.Registration.Topic, _isLeft),
            response);
        resolve.StoreNames.AddRange(leftStores);
        _graph.Copartition(registration, _right.Node);
        _graph.Copartition(response, _left.Node);
        return AddResult(resolve, materialized);
    }

    private RepartitionGraphNode AddRegistration()
    {
        var isVersioned = _left.IsVersioned;
        var send = _graph.Add(
            new GraphNode(
                _names.Send,
                () => new SubscriptionSendNode<TKey, TLeft, TForeignKey>(
                    _foreignKey, _foreignKeySerde, _valueSerde, _names.Registration.Topic, _isLeft, isVersioned))
            {
                ChangesValue = true,
            },
            _left.Node);
        var choose = _joined.ForeignPartitioner;
        return _graph.AddTopic(
            _names.Registration,
            _foreignKeySerde,
            new SubscriptionSerde<TKey>(_keySerde),
            choose is null ? null : (_, key, _, count) => key is null ? null : choose(key, count),
            send);
    }

    private RepartitionGraphNode AddResponse(GraphNode answer, GraphNode tell)
    {
        var choose = _joined.Partitioner;
        return _graph.AddTopic(
            _names.Response,
            _keySerde,
            new SubscriptionResponseSerde<TRight>(_foreignSerde),
            choose is null
                ? (_, _, response, _) => response.PrimaryPartition < 0 ? null : response.PrimaryPartition
                : (_, key, _, count) => choose(key, count),
            answer,
            tell);
    }

    private SourceTableSpec<TKey, TResult> AddResult(GraphNode resolve, Materialized<TKey, TResult> materialized)
    {
        var storeName = _graph.Names.Store(OperatorKind.ForeignOutput, materialized.StoreName, _left.Node.Name, _right.Node.Name);
        var spec = new SourceTableSpec<TKey, TResult>(() => DslStores.Table(storeName, materialized))
        {
            Node = resolve,
        };
        spec.Node = _graph.AddProcessor(
            _names.Result, () => new TableSourceNode<TKey, TResult>(spec.Store?.Name, spec.SendsOldValues), resolve);
        if (materialized.StoreName is not null || materialized.HistoryRetention is not null)
        {
            spec.Materialize();
        }

        Coalescing.Apply(_graph, spec, materialized.CoalesceUpdates);
        return spec;
    }
}
