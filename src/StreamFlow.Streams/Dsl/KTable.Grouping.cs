using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Regrouping of rows.</content>
public sealed partial class KTable<TKey, TValue>
{
    /// <summary>Groups the rows by a new key, through a repartition topic. A row whose new key or value is null is in no group.</summary>
    /// <param name="select">From key and value to the group's key and the value that counts there.</param>
    /// <param name="grouped">Serdes and name of the repartition topic.</param>
    public KGroupedTable<TNewKey, TNewValue> GroupBy<TNewKey, TNewValue>(
        Func<TKey, TValue, (TNewKey Key, TNewValue Value)> select, Grouped<TNewKey, TNewValue>? grouped = null)
    {
        ArgumentNullException.ThrowIfNull(select);
        Spec.RequestOldValues(materialize: true);
        var name = Graph.Names.Node(OperatorKind.TableSelect, grouped?.Name, Node.Name);
        var node = Graph.Add(
            new GraphNode(name, () => new TableRegroupNode<TKey, TValue, TNewKey, TNewValue>(select)) { ChangesValue = true }, Node);
        return new KGroupedTable<TNewKey, TNewValue>(Graph, node, grouped ?? new());
    }
}
