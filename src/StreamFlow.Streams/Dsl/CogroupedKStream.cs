using StreamFlow.Streams.Processors;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;
using StreamFlow.Streams.Windows;

namespace StreamFlow.Streams.Dsl;

/// <summary>Several grouped streams that are aggregated into one table, each with a function of its own.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TOut">The aggregate's type.</typeparam>
public sealed class CogroupedKStream<TKey, TOut>
{
    private readonly List<CogroupPart<TKey, TOut>> _parts;

    internal CogroupedKStream(IEnumerable<CogroupPart<TKey, TOut>> parts) => _parts = [.. parts];

    internal TopologyGraph Graph => _parts[0].Graph;

    /// <summary>Adds a grouped stream.</summary>
    /// <param name="grouped">The stream.</param>
    /// <param name="aggregator">From key, value and aggregate so far to the next; null deletes the row.</param>
    public CogroupedKStream<TKey, TOut> Cogroup<TValue>(KGroupedStream<TKey, TValue> grouped, Func<TKey, TValue, TOut, TOut> aggregator)
    {
        ArgumentNullException.ThrowIfNull(grouped);
        ArgumentNullException.ThrowIfNull(aggregator);
        return new([.. _parts, new CogroupPart<TKey, TValue, TOut>(grouped, aggregator)]);
    }

    /// <summary>Groups by time windows too.</summary>
    public TimeWindowedCogroupedKStream<TKey, TOut> WindowedBy(TimeWindows windows) => new(this, windows);

    /// <summary>Groups by sliding windows too.</summary>
    public SlidingWindowedCogroupedKStream<TKey, TOut> WindowedBy(SlidingWindows windows) => new(this, windows);

    /// <summary>Groups by sessions too.</summary>
    public SessionWindowedCogroupedKStream<TKey, TOut> WindowedBy(SessionWindows windows) => new(this, windows);

    /// <summary>Aggregates the records of all streams per key.</summary>
    /// <param name="initializer">Makes the aggregate of a key without records.</param>
    /// <param name="materialized">How the aggregates are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TOut> Aggregate(Func<TOut> initializer, Materialized<TKey, TOut>? materialized = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        var complete = Complete(materialized);
        var storeName = StoreName(complete);
        var store = DslStores.Table(storeName, complete);
        var spec = new StoredTableSpec<TKey, TOut>(store) { Node = null! };
        AddNodes(
            spec,
            store,
            complete.StoreName is not null,
            name,
            null,
            part => part.Unwindowed(storeName, initializer, spec.OldValuesIn(Graph)));
        Coalescing.Apply(Graph, spec, complete.CoalesceUpdates);
        return new KTable<TKey, TOut>(Graph, spec, complete.KeySerde, complete.ValueSerde);
    }

    internal Materialized<TKey, TOut> Complete(Materialized<TKey, TOut>? materialized) =>
        (materialized ?? new()) with { KeySerde = materialized?.KeySerde ?? _parts[0].KeySerde };

    internal string StoreName(Materialized<TKey, TOut> materialized) =>
        Graph.Names.Store(OperatorKind.Cogroup, materialized.StoreName, _parts[0].StreamName);

    /// <summary>Adds an aggregation per stream over one store, and a node in which their results meet.</summary>
    internal void AddNodes<TKeyOut>(
        TableSpec<TKeyOut, TOut> spec,
        StoreBuilder store,
        bool isStoreNameGiven,
        string? name,
        long? graceMs,
        Func<CogroupPart<TKey, TOut>, ProcessorNode> create)
    {
        var inputs = _parts.ConvertAll(part => part.Input(store.Name, isStoreNameGiven));
        for (var i = 1; i < inputs.Count; i++)
        {
            Graph.Copartition(inputs[0], inputs[i]);
        }

        var nodes = new GraphNode[inputs.Count];
        for (var i = 0; i < inputs.Count; i++)
        {
            var part = _parts[i];
            var partName = Graph.Names.Node(OperatorKind.Cogroup, name is null ? null : $"{name}-cogroup-agg-{i}", part.StreamName);
            nodes[i] = Graph.AddProcessor(partName, () => create(part), inputs[i]);
            nodes[i].Stores.Add(store);
            nodes[i].GraceMs = graceMs;
        }

        spec.Node = Graph.AddProcessor(
            Graph.Names.Node(OperatorKind.CogroupMerge, name is null ? null : name + "-cogroup-merge", _parts[0].StreamName),
            static () => new PassThroughNode<TKeyOut, Change<TOut>>(),
            nodes);
    }
}

/// <summary>Several grouped streams in time windows.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TOut">The aggregate's type.</typeparam>
public sealed class TimeWindowedCogroupedKStream<TKey, TOut>
{
    private readonly CogroupedKStream<TKey, TOut> _cogrouped;
    private readonly TimeWindows _windows;

    internal TimeWindowedCogroupedKStream(CogroupedKStream<TKey, TOut> cogrouped, TimeWindows windows)
    {
        _cogrouped = cogrouped;
        _windows = windows;
    }

    /// <summary>Aggregates the records of all streams per key and window.</summary>
    /// <param name="initializer">Makes the aggregate of a window without records.</param>
    /// <param name="materialized">How the aggregates are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, TOut> Aggregate(
        Func<TOut> initializer, Materialized<TKey, TOut>? materialized = null, string? name = null)
    {
        var complete = _cogrouped.Complete(materialized);
        var storeName = _cogrouped.StoreName(complete);
        var store = DslStores.Window(storeName, complete, WindowRetention.Time(_windows, complete.Retention, storeName), _windows.SizeMs);
        var spec = new WindowTableSpec<TKey, TOut>(store) { Node = null! };
        _cogrouped.AddNodes(
            spec, store, complete.StoreName is not null, name, _windows.GraceMs, part => part.Time(
                storeName, _windows, initializer, spec.OldValuesIn(_cogrouped.Graph)));
        var keySerde = new TimeWindowedSerde<TKey>(SerdeOf.Key(complete.KeySerde, storeName), _windows.SizeMs);
        Coalescing.Apply(_cogrouped.Graph, spec, complete.CoalesceUpdates);
        return new KTable<Windowed<TKey>, TOut>(_cogrouped.Graph, spec, keySerde, complete.ValueSerde);
    }
}

/// <summary>Several grouped streams in sliding windows.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TOut">The aggregate's type.</typeparam>
public sealed class SlidingWindowedCogroupedKStream<TKey, TOut>
{
    private readonly CogroupedKStream<TKey, TOut> _cogrouped;
    private readonly SlidingWindows _windows;

    internal SlidingWindowedCogroupedKStream(CogroupedKStream<TKey, TOut> cogrouped, SlidingWindows windows)
    {
        _cogrouped = cogrouped;
        _windows = windows;
    }

    /// <summary>Aggregates the records of all streams per key and window.</summary>
    /// <param name="initializer">Makes the aggregate of a window without records.</param>
    /// <param name="materialized">How the aggregates are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, TOut> Aggregate(
        Func<TOut> initializer, Materialized<TKey, TOut>? materialized = null, string? name = null)
    {
        var complete = _cogrouped.Complete(materialized);
        var storeName = _cogrouped.StoreName(complete);
        var asKafka = _cogrouped.Graph.HasCompatibility(KafkaCompatibility.DefaultRetention);
        var retention = WindowRetention.Sliding(_windows, complete.Retention, storeName, asKafka);
        var store = DslStores.Window(storeName, complete, retention, _windows.DifferenceMs);
        var spec = new WindowTableSpec<TKey, TOut>(store) { Node = null! };
        _cogrouped.AddNodes(
            spec,
            store,
            complete.StoreName is not null,
            name,
            _windows.GraceMs,
            part => part.Sliding(storeName, _windows, initializer, spec.OldValuesIn(_cogrouped.Graph), asKafka));
        var keySerde = new TimeWindowedSerde<TKey>(SerdeOf.Key(complete.KeySerde, storeName), _windows.DifferenceMs);
        Coalescing.Apply(_cogrouped.Graph, spec, complete.CoalesceUpdates);
        return new KTable<Windowed<TKey>, TOut>(_cogrouped.Graph, spec, keySerde, complete.ValueSerde);
    }
}

/// <summary>Several grouped streams in sessions.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TOut">The aggregate's type.</typeparam>
public sealed class SessionWindowedCogroupedKStream<TKey, TOut>
{
    private readonly CogroupedKStream<TKey, TOut> _cogrouped;
    private readonly SessionWindows _windows;

    internal SessionWindowedCogroupedKStream(CogroupedKStream<TKey, TOut> cogrouped, SessionWindows windows)
    {
        _cogrouped = cogrouped;
        _windows = windows;
    }

    /// <summary>Aggregates the records of all streams per key and session.</summary>
    /// <param name="initializer">Makes the aggregate of a session without records.</param>
    /// <param name="merger">From key and the aggregates of two sessions to that of both.</param>
    /// <param name="materialized">How the aggregates are kept.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<Windowed<TKey>, TOut> Aggregate(
        Func<TOut> initializer, Func<TKey, TOut, TOut, TOut> merger, Materialized<TKey, TOut>? materialized = null, string? name = null)
    {
        var complete = _cogrouped.Complete(materialized);
        var storeName = _cogrouped.StoreName(complete);
        var asKafka = _cogrouped.Graph.HasCompatibility(KafkaCompatibility.DefaultRetention);
        var store = DslStores.Session(storeName, complete, WindowRetention.Session(_windows, complete.Retention, storeName, asKafka));
        var spec = new SessionTableSpec<TKey, TOut>(store) { Node = null! };
        _cogrouped.AddNodes(
            spec,
            store,
            complete.StoreName is not null,
            name,
            _windows.GraceMs + _windows.GapMs,
            part => part.Session(storeName, _windows, initializer, merger, spec.SendsOldValues));
        var keySerde = new SessionWindowedSerde<TKey>(SerdeOf.Key(complete.KeySerde, storeName));
        Coalescing.Apply(_cogrouped.Graph, spec, complete.CoalesceUpdates);
        return new KTable<Windowed<TKey>, TOut>(_cogrouped.Graph, spec, keySerde, complete.ValueSerde);
    }
}
