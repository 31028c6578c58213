using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Holding back updates.</content>
public sealed partial class KTable<TKey, TValue>
{
    /// <summary>Holds back updates and sends only the last of each row.</summary>
    /// <param name="suppressed">Which, how long and how many.</param>
    /// <exception cref="TopologyException">The table is versioned, or has no windows whose closing could be waited for.</exception>
    public KTable<TKey, TValue> Suppress(Suppressed suppressed)
    {
        ArgumentNullException.ThrowIfNull(suppressed);
        var name = Graph.Names.Node(OperatorKind.Suppress, suppressed.Name, Node.Name);
        var storeName = Graph.Names.Store(OperatorKind.Suppress, suppressed.Name is null ? null : suppressed.Name + "-store", Node.Name);
        if (Spec.IsVersioned)
        {
            throw new TopologyException($"node '{name}' cannot hold back updates of a versioned table");
        }

        Spec.RequestOldValues(materialize: true);
        var windowEnd = suppressed.LimitMs is null ? WindowEnd.Of<TKey>(name) : null;
        var waitMs = suppressed.LimitMs ?? Grace(Node, name);
        var store = new SuppressBufferBuilder<TKey, TValue>(
            new StoreDescriptor { Name = storeName, Kind = StoreKind.Buffer },
            SerdeOf.Key(KeySerde, name),
            SerdeOf.Value(ValueSerde, name));
        var sendsUnseen = Graph.HasCompatibility(KafkaCompatibility.UnseenOldValues);
        var spec = new SuppressedTableSpec<TKey, TValue>(Spec, store) { Node = Node };
        spec.Node = Graph.AddProcessor(
            name, () => new SuppressNode<TKey, TValue>(storeName, windowEnd, waitMs, suppressed.Limits, sendsUnseen), Node);
        spec.Node.Stores.Add(store);
        return new KTable<TKey, TValue>(Graph, spec, KeySerde, ValueSerde);
    }

    /// <summary>The greatest grace of the nearest windowed aggregations above a node, in ms.</summary>
    private static long Grace(GraphNode node, string name)
    {
        if (node.GraceMs is { } grace)
        {
            return grace;
        }

        return node.Parents.Count > 0
            ? node.Parents.Max(parent => Grace(parent, name))
            : throw new TopologyException($"node '{name}' waits for windows to close, but there is no windowed aggregation above it");
    }
}
