using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Regrouping: through repartition topics, into groups, into tables.</content>
public sealed partial class KStream<TKey, TValue>
{
    /// <summary>Sends the stream through an internal topic, partitioned by its present key. Records without a key are left out.</summary>
    public KStream<TKey, TValue> Repartition(Repartitioned<TKey, TValue>? repartitioned = null)
    {
        repartitioned ??= new();
        var name = Graph.Names.Node(OperatorKind.Repartition, repartitioned.Name, Node.Name);
        return RepartitionAs(
            repartitioned with { KeySerde = repartitioned.KeySerde ?? KeySerde, ValueSerde = repartitioned.ValueSerde ?? ValueSerde },
            name,
            repartitioned.Name);
    }

    /// <summary>Groups by the present key.</summary>
    /// <param name="grouped">Serdes and name of the repartition topic, which is needed only if the key may have changed.</param>
    public KGroupedStream<TKey, TValue> GroupByKey(Grouped<TKey, TValue>? grouped = null) =>
        new(this, Complete(grouped), IsRepartitionRequired);

    /// <summary>Groups by a new key, through a repartition topic.</summary>
    /// <param name="select">From key and value to the new key; records for which it is null are left out.</param>
    /// <param name="grouped">Serdes and name of the repartition topic.</param>
    public KGroupedStream<TNewKey, TValue> GroupBy<TNewKey>(Func<TKey, TValue, TNewKey> select, Grouped<TNewKey, TValue>? grouped = null)
    {
        var selected = SelectKey(select);
        return new(selected, selected.Complete(grouped), true);
    }

    /// <summary>A table of the latest record per key.</summary>
    /// <param name="materialized">How it is kept. Without a store name it is kept only if an operator must read it.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KTable<TKey, TValue> ToTable(Materialized<TKey, TValue>? materialized = null, string? name = null)
    {
        var nodeName = Graph.Names.Node(OperatorKind.ToTable, name, Node.Name);
        var complete = (materialized ?? new()) with
        {
            KeySerde = materialized?.KeySerde ?? KeySerde,
            ValueSerde = materialized?.ValueSerde ?? ValueSerde,
        };
        var storeName = Graph.Names.Store(OperatorKind.ToTable, complete.StoreName, Node.Name);
        var input = IsRepartitionRequired
            ? RepartitionAs(
                new() { KeySerde = complete.KeySerde, ValueSerde = complete.ValueSerde },
                name ?? (Graph.Names.IsKafka ? nodeName : storeName),
                name)
            : this;
        var spec = new SourceTableSpec<TKey, TValue>(() => DslStores.Table(storeName, complete)) { Node = input.Node };
        spec.Node = Graph.AddProcessor(
            nodeName, () => new TableSourceNode<TKey, TValue>(spec.Store?.Name, spec.SendsOldValues), input.Node);
        if (complete.StoreName is not null || complete.HistoryRetention is not null)
        {
            spec.Materialize();
        }

        Coalescing.Apply(Graph, spec, complete.CoalesceUpdates);
        return new KTable<TKey, TValue>(Graph, spec, complete.KeySerde, complete.ValueSerde);
    }

    /// <summary>This stream behind a repartition topic.</summary>
    /// <param name="settings">Serdes, complete.</param>
    /// <param name="baseName">The topic's name without prefix and suffix.</param>
    /// <param name="givenName">The user's name; null when the base was generated.</param>
    internal KStream<TKey, TValue> RepartitionAs(Repartitioned<TKey, TValue> settings, string baseName, string? givenName)
    {
        var names = Graph.Names.Repartition(baseName, givenName);
        var node = Graph.AddRepartition(
            names,
            SerdeOf.Key(settings.KeySerde, names.Sink),
            SerdeOf.Value(settings.ValueSerde, names.Sink),
            Node,
            settings.Partitions,
            settings.Partitioner);
        return new KStream<TKey, TValue>(Graph, node, settings.KeySerde, settings.ValueSerde, false);
    }

    private Grouped<TKey, TValue> Complete(Grouped<TKey, TValue>? grouped) => (grouped ?? new()) with
    {
        KeySerde = grouped?.KeySerde ?? KeySerde,
        ValueSerde = grouped?.ValueSerde ?? ValueSerde,
    };
}
