using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.State;

/// <summary>Describes a store and opens it once per task. Made by <see cref="Stores"/> or by the DSL.</summary>
public abstract class StoreBuilder
{
    internal StoreBuilder(StoreDescriptor descriptor, TypePair types) => (Descriptor, Types) = (descriptor, types);

    /// <summary>What the store keeps, for how long, and where it is logged.</summary>
    public StoreDescriptor Descriptor { get; internal set; }

    /// <summary>The store's name, unique in its topology.</summary>
    public string Name => Descriptor.Name;

    /// <summary>What it holds.</summary>
    internal TypePair Types { get; }

    /// <summary>Opens the store for a task.</summary>
    internal abstract StateStore Open(TaskContext context);
}
