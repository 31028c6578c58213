using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>
/// What the DSL knows of a table beside its node: where its rows can be read, and whether it sends old values. Decided while the
/// topology is described; operators read the decisions when a task makes them.
/// </summary>
internal abstract class TableSpec<TKey, TValue>
{
    /// <summary>The node that emits the table's changes.</summary>
    public required GraphNode Node { get; set; }

    /// <summary>The table's own store; null when it has none (yet).</summary>
    public StoreBuilder? Store { get; protected set; }

    /// <summary>Whether changes carry old values.</summary>
    public bool SendsOldValues { get; protected set; }

    /// <summary>What the changes of an aggregate with an initial value carry.</summary>
    public OldValues OldValuesIn(TopologyGraph graph) => !SendsOldValues
        ? OldValues.None
        : graph.HasCompatibility(KafkaCompatibility.UnseenOldValues) ? OldValues.StoredOrInitial : OldValues.Stored;

    /// <summary>How far back the history of the table, or of the one it is derived from, goes, in ms; null when it keeps none.</summary>
    public virtual long? HistoryMs =>
        Store?.Descriptor is { Kind: StoreKind.VersionedKeyValue } descriptor ? descriptor.RetentionMs : null;

    /// <summary>Whether the table, or the one it is derived from, keeps a history.</summary>
    public bool IsVersioned => HistoryMs is not null;

    /// <summary>Asks for old values in the changes.</summary>
    /// <param name="materialize">Whether to give the table a store if that is what it takes.</param>
    /// <returns>Whether changes will carry old values.</returns>
    public abstract bool RequestOldValues(bool materialize);

    /// <summary>Makes sure that the rows can be read, by giving this table or the one it is derived from a store.</summary>
    /// <returns>The names of the stores a reader must be connected to.</returns>
    public abstract IReadOnlyList<string> MakeReadable();

    /// <summary>Makes a reader of the rows for one task. Call <see cref="MakeReadable"/> first, while describing the topology.</summary>
    public abstract ITableReader<TKey, TValue> CreateReader(TaskContext context);

    protected ITableReader<TKey, TValue> ReadStore(TaskContext context) =>
        new StoreTableReader<TKey, TValue>(context.GetStore<TableStore<TKey, TValue>>(Store!.Name));
}
