using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <summary>
/// A stream of independent records. Operators return new streams; nothing runs until the topology does. Functions are called
/// by the threads of all tasks at once and must not keep state of their own.
/// </summary>
/// <remarks>
/// Keys and values may be absent. Reference types and <see cref="Nullable{T}"/> show that as null. Of plain value types,
/// functions that only compute a value are not called for an absent one (it stays absent), predicates do not hold, and other
/// functions see the type's default.
/// </remarks>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed partial class KStream<TKey, TValue>
{
    internal KStream(TopologyGraph graph, GraphNode node, Serde<TKey>? keySerde, Serde<TValue>? valueSerde, bool isRepartitionRequired)
    {
        Graph = graph;
        Node = node;
        KeySerde = keySerde;
        ValueSerde = valueSerde;
        IsRepartitionRequired = isRepartitionRequired;
    }

    internal TopologyGraph Graph { get; }

    /// <summary>The node whose output this is.</summary>
    internal GraphNode Node { get; }

    /// <summary>Inherited or given; null when only the built-in serde of the type is left.</summary>
    internal Serde<TKey>? KeySerde { get; }

    internal Serde<TValue>? ValueSerde { get; }

    /// <summary>Whether the key may have changed since the records were partitioned.</summary>
    internal bool IsRepartitionRequired { get; }

    /// <summary>Keeps the records for which the predicate holds.</summary>
    /// <param name="predicate">Of key and value.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TValue> Filter(Func<TKey, TValue, bool> predicate, string? name = null) =>
        Same(Add(OperatorKind.Filter, name, () => new FilterNode<TKey, TValue>(predicate, false)));

    /// <summary>Keeps the records for which the predicate does not hold.</summary>
    /// <param name="predicate">Of key and value.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TValue> FilterNot(Func<TKey, TValue, bool> predicate, string? name = null) =>
        Same(Add(OperatorKind.Filter, name, () => new FilterNode<TKey, TValue>(predicate, true)));

    /// <summary>Replaces key and value. A later grouping or join repartitions.</summary>
    /// <param name="map">From key and value to the new ones.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TNewKey, TNewValue> Map<TNewKey, TNewValue>(
        Func<TKey, TValue, (TNewKey Key, TNewValue Value)> map, string? name = null) =>
        new(
            Graph,
            Add(OperatorKind.Map, name, () => new MapNode<TKey, TValue, TNewKey, TNewValue>(map), changesKey: true, changesValue: true),
            null,
            null,
            true);

    /// <summary>Replaces the value; the key, and with it the partitioning, stays.</summary>
    /// <param name="map">From the value to the new one.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TNewValue> MapValues<TNewValue>(Func<TValue, TNewValue> map, string? name = null) =>
        MapValues((_, value) => map(value), name);

    /// <summary>Replaces the value; the key, and with it the partitioning, stays.</summary>
    /// <param name="map">From key and value to the new value.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TNewValue> MapValues<TNewValue>(Func<TKey, TValue, TNewValue> map, string? name = null) =>
        WithValues<TNewValue>(Add(OperatorKind.MapValues, name, () => new MapValuesNode<TKey, TValue, TNewValue>(map), changesValue: true));

    /// <summary>Replaces a record by any number of records. A later grouping or join repartitions.</summary>
    /// <param name="map">From key and value to the new records; null is none.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TNewKey, TNewValue> FlatMap<TNewKey, TNewValue>(
        Func<TKey, TValue, IEnumerable<(TNewKey Key, TNewValue Value)>> map, string? name = null) =>
        new(
            Graph,
            Add(
                OperatorKind.FlatMap,
                name,
                () => new FlatMapNode<TKey, TValue, TNewKey, TNewValue>(map),
                changesKey: true,
                changesValue: true),
            null,
            null,
            true);

    /// <summary>Replaces a value by any number of values; the key stays.</summary>
    /// <param name="map">From the value to the new ones; null is none.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TNewValue> FlatMapValues<TNewValue>(Func<TValue, IEnumerable<TNewValue>> map, string? name = null) =>
        FlatMapValues((_, value) => map(value), name);

    /// <summary>Replaces a value by any number of values; the key stays.</summary>
    /// <param name="map">From key and value to the new values; null is none.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TNewValue> FlatMapValues<TNewValue>(Func<TKey, TValue, IEnumerable<TNewValue>> map, string? name = null) =>
        WithValues<TNewValue>(
            Add(OperatorKind.FlatMapValues, name, () => new FlatMapValuesNode<TKey, TValue, TNewValue>(map), changesValue: true));

    /// <summary>Replaces the key. A later grouping or join repartitions.</summary>
    /// <param name="select">From key and value to the new key.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TNewKey, TValue> SelectKey<TNewKey>(Func<TKey, TValue, TNewKey> select, string? name = null) =>
        new(
            Graph,
            Add(OperatorKind.SelectKey, name, () => new SelectKeyNode<TKey, TValue, TNewKey>(select), changesKey: true),
            null,
            ValueSerde,
            true);

    /// <summary>Calls an action for each record and hands the record on unchanged.</summary>
    /// <param name="action">Must not change key or value.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TValue> Peek(Action<TKey, TValue> action, string? name = null) =>
        Same(Add(OperatorKind.Peek, name, () => new PeekNode<TKey, TValue>(action)));

    /// <summary>Calls an action for each record, as the end of the stream.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public void ForEach(Action<TKey, TValue> action, string? name = null) =>
        Add(OperatorKind.ForEach, name, () => new PeekNode<TKey, TValue>(action));

    /// <summary>Writes each record as a line <c>[label]: key, value</c>, as the end of the stream.</summary>
    /// <param name="writer">Where to; the console's output when null.</param>
    /// <param name="label">What to put in front; null for the operator's name.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public void Print(TextWriter? writer = null, string? label = null, string? name = null)
    {
        var node = Graph.Names.Node(OperatorKind.Print, name, Node.Name);
        Graph.AddProcessor(
            node,
            () => new PeekNode<TKey, TValue>((key, value) => (writer ?? Console.Out).WriteLine($"[{label ?? node}]: {key}, {value}")),
            Node);
    }

    /// <summary>Splits the stream: each record goes to the first branch whose predicate holds.</summary>
    /// <param name="name">The operator's name, with which the branches' names begin; null to generate one.</param>
    public BranchedKStream<TKey, TValue> Split(string? name = null) => new(this, name);

    /// <summary>The records of both streams, in the order in which their task takes them.</summary>
    /// <param name="other">The other stream.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TValue> Merge(KStream<TKey, TValue> other, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        var node = Graph.Add(
            new GraphNode(
                Graph.Names.Node(OperatorKind.Merge, name, Node.Name, other.Node.Name), static () => new PassThroughNode<TKey, TValue>()),
            Node,
            other.Node);
        return new KStream<TKey, TValue>(
            Graph,
            node,
            ReferenceEquals(KeySerde, other.KeySerde) ? KeySerde : null,
            ReferenceEquals(ValueSerde, other.ValueSerde) ? ValueSerde : null,
            IsRepartitionRequired || other.IsRepartitionRequired);
    }

    /// <summary>Writes the stream to a topic, as its end.</summary>
    /// <param name="topic">The topic; it must exist.</param>
    /// <param name="produced">How it is written.</param>
    public void To(string topic, Produced<TKey, TValue>? produced = null) => AddSink(Names.Check(topic, "topic"), null, produced ?? new());

    /// <summary>Writes each record to the topic it chooses, as the end of the stream.</summary>
    /// <param name="chooseTopic">From key and value to the topic, which must exist.</param>
    /// <param name="produced">How they are written.</param>
    public void To(Func<TKey, TValue, string> chooseTopic, Produced<TKey, TValue>? produced = null) =>
        AddSink(null, chooseTopic, produced ?? new());

    /// <summary>A stream of the same type behind another node.</summary>
    internal KStream<TKey, TValue> With(GraphNode node, bool isRepartitionRequired) =>
        new(Graph, node, KeySerde, ValueSerde, isRepartitionRequired);

    private KStream<TKey, TValue> Same(GraphNode node) => With(node, IsRepartitionRequired);

    private KStream<TKey, TNewValue> WithValues<TNewValue>(GraphNode node) => new(Graph, node, KeySerde, null, IsRepartitionRequired);

    private GraphNode Add(
        OperatorKind kind, string? name, Func<ProcessorNode> create, bool changesKey = false, bool changesValue = false) =>
        Graph.Add(
            new GraphNode(Graph.Names.Node(kind, name, Node.Name), create) { ChangesKey = changesKey, ChangesValue = changesValue }, Node);

    private void AddSink(string? topic, Func<TKey, TValue, string>? chooseTopic, Produced<TKey, TValue> produced)
    {
        var name = Graph.Names.Node(OperatorKind.Sink, produced.Name, Node.Name);
        var keySerde = SerdeOf.Key(produced.KeySerde ?? KeySerde, name);
        var valueSerde = SerdeOf.Value(produced.ValueSerde ?? ValueSerde, name);
        var partitioner = produced.Partitioner;
        Graph.Add(
            new SinkGraphNode(
                name, topic, () => new SinkNode<TKey, TValue>(topic, false, chooseTopic, keySerde, valueSerde, partitioner)), Node);
    }
}
