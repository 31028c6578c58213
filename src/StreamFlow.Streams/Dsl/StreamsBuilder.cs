using System.Text.RegularExpressions;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processing;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <summary>Where a topology begins: makes streams and tables of topics, and builds the topology. Not thread safe.</summary>
/// <param name="options">How to build; null for <see cref="TopologyOptions.Default"/>.</param>
public sealed partial class StreamsBuilder(TopologyOptions? options = null)
{
    private bool _isBuilt;

    internal TopologyGraph Graph { get; } = new(options ?? TopologyOptions.Default);

    /// <summary>A stream of the records of a topic.</summary>
    public KStream<TKey, TValue> Stream<TKey, TValue>(string topic, Consumed<TKey, TValue>? consumed = null) =>
        Stream([topic], consumed);

    /// <summary>A stream of the records of several topics.</summary>
    public KStream<TKey, TValue> Stream<TKey, TValue>(IReadOnlyCollection<string> topics, Consumed<TKey, TValue>? consumed = null)
    {
        ArgumentNullException.ThrowIfNull(topics);
        return AddStream([.. topics], null, string.Join('.', topics), consumed ?? new());
    }

    /// <summary>A stream of the records of all topics whose whole name matches, also of those created later.</summary>
    public KStream<TKey, TValue> Stream<TKey, TValue>(Regex pattern, Consumed<TKey, TValue>? consumed = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return AddStream([], pattern, pattern.ToString(), consumed ?? new());
    }

    /// <summary>A table of the latest record per key of a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="consumed">How the topic is read.</param>
    /// <param name="materialized">How the table is kept. Without a store name it is kept only if an operator must read it.</param>
    public KTable<TKey, TValue> Table<TKey, TValue>(
        string topic, Consumed<TKey, TValue>? consumed = null, Materialized<TKey, TValue>? materialized = null)
    {
        Names.Check(topic, "topic");
        consumed ??= new();
        materialized = (materialized ?? new()) with
        {
            KeySerde = materialized?.KeySerde ?? consumed.KeySerde,
            ValueSerde = materialized?.ValueSerde ?? consumed.ValueSerde,
        };
        var storeName = Graph.Names.TopicStore(topic, materialized.StoreName);
        var source = AddSource(
            Graph.Names.Node(OperatorKind.Source, Suffixed(consumed.Name, "-source"), topic), [topic], null, consumed);
        var reusesTopic = Graph.HasOptimization(TopologyOptimizations.ReuseSourceTopics);
        var spec = new SourceTableSpec<TKey, TValue>(() => DslStores.Table(storeName, materialized, reusesTopic ? topic : null))
        {
            Node = source,
        };
        spec.Node = Graph.AddProcessor(
            Graph.Names.Node(OperatorKind.TableSource, consumed.Name, topic),
            () => new TableSourceNode<TKey, TValue>(spec.Store?.Name, spec.SendsOldValues),
            source);
        if (materialized.StoreName is not null || materialized.HistoryRetention is not null)
        {
            spec.Materialize();
        }

        Coalescing.Apply(Graph, spec, materialized.CoalesceUpdates);
        return new KTable<TKey, TValue>(Graph, spec, materialized.KeySerde, materialized.ValueSerde);
    }

    /// <summary>A table of the latest record per key of a topic, kept whole by every instance.</summary>
    /// <param name="topic">The topic; it doubles as the table's changelog.</param>
    /// <param name="consumed">How the topic is read.</param>
    /// <param name="materialized">Name and serdes of the table's store.</param>
    /// <exception cref="TopologyException">A history is asked for, which a global table cannot keep.</exception>
    public GlobalKTable<TKey, TValue> GlobalTable<TKey, TValue>(
        string topic, Consumed<TKey, TValue>? consumed = null, Materialized<TKey, TValue>? materialized = null)
    {
        Names.Check(topic, "topic");
        consumed ??= new();
        materialized = (materialized ?? new()) with
        {
            KeySerde = materialized?.KeySerde ?? consumed.KeySerde,
            ValueSerde = materialized?.ValueSerde ?? consumed.ValueSerde,
        };
        if (materialized.HistoryRetention is not null)
        {
            throw new TopologyException($"the global table of topic '{topic}' cannot keep a history");
        }

        var store = DslStores.Table(Graph.Names.TopicStore(topic, materialized.StoreName), materialized, topic);
        store.Descriptor = store.Descriptor with { IsGlobal = true, IsLogged = false };
        var source = AddSource(
            Graph.Names.Node(OperatorKind.Source, Suffixed(consumed.Name, "-source"), topic, store.Name),
            [topic],
            null,
            consumed,
            isGlobal: true);
        var node = Graph.AddProcessor(
            Graph.Names.Node(OperatorKind.TableSource, consumed.Name, topic, store.Name),
            () => new TableSourceNode<TKey, TValue>(store.Name, false),
            source);
        node.Stores.Add(store);
        return new(store.Name, node.Name, materialized.KeySerde, materialized.ValueSerde);
    }

    /// <summary>Adds a store for processors that name it.</summary>
    public StreamsBuilder AddStateStore(StoreBuilder store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Graph.UserStores.Add(store);
        return this;
    }

    /// <summary>Adds a store that every instance keeps whole, filled from a topic by a processor of the user's.</summary>
    /// <param name="store">The store; its changelog is the topic.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="consumed">How the topic is read.</param>
    /// <param name="supplier">Makes the processor, which gets the store by its name and forwards nothing.</param>
    public StreamsBuilder AddGlobalStore<TKey, TValue, TKeyOut, TValueOut>(
        StoreBuilder store, string topic, Consumed<TKey, TValue>? consumed, Func<Processor<TKey, TValue, TKeyOut, TValueOut>> supplier)
    {
        ArgumentNullException.ThrowIfNull(store);
        Names.Check(topic, "topic");
        consumed ??= new();
        store.Descriptor = store.Descriptor with { IsGlobal = true, IsLogged = false, SourceTopic = topic };
        var source = AddSource(Graph.Names.Node(OperatorKind.Source, null, topic, store.Name), [topic], null, consumed, isGlobal: true);
        var node = Graph.AddProcessor(
            Graph.Names.Node(OperatorKind.TableSource, consumed.Name, topic, store.Name),
            () => new ProcessNode<TKey, TValue, TKeyOut, TValueOut>(supplier()),
            source);
        node.Stores.Add(store);
        return this;
    }

    /// <summary>Builds the topology. The builder cannot be used any more.</summary>
    /// <exception cref="TopologyException">The topology is not valid.</exception>
    public Topology Build()
    {
        ObjectDisposedException.ThrowIf(_isBuilt, this);
        _isBuilt = true;
        return new TopologyAssembler(Graph).Assemble();
    }

    internal SourceGraphNode AddSource<TKey, TValue>(
        string name, IReadOnlyList<string> topics, Regex? pattern, Consumed<TKey, TValue> consumed, bool isGlobal = false)
    {
        var keySerde = SerdeOf.Key(consumed.KeySerde, name);
        var valueSerde = SerdeOf.Value(consumed.ValueSerde, name);
        var extractor = consumed.TimestampExtractor ?? TimestampExtractors.FailOnInvalid<TKey, TValue>();
        return Graph.Add(new SourceGraphNode(name, topics, pattern, () => new SourceNode<TKey, TValue>(keySerde, valueSerde, extractor))
        {
            OffsetReset = consumed.OffsetReset,
            IsGlobal = isGlobal,
        });
    }

    private static string? Suffixed(string? name, string suffix) => name is null ? null : name + suffix;

    private KStream<TKey, TValue> AddStream<TKey, TValue>(
        IReadOnlyList<string> topics, Regex? pattern, string stem, Consumed<TKey, TValue> consumed)
    {
        foreach (var topic in topics)
        {
            Names.Check(topic, "topic");
        }

        var source = AddSource(Graph.Names.Node(OperatorKind.Source, consumed.Name, stem), topics, pattern, consumed);
        return new KStream<TKey, TValue>(Graph, source, consumed.KeySerde, consumed.ValueSerde, false);
    }
}
