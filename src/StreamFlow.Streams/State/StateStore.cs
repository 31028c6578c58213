namespace StreamFlow.Streams.State;

/// <summary>A typed store with its write-back cache. Used by the thread that steps its task.</summary>
internal abstract class StateStore(StoreDescriptor descriptor) : IStateStore, IDisposable
{
    public StoreDescriptor Descriptor { get; } = descriptor;

    public string Name => Descriptor.Name;

    /// <summary>Writes every changed row to the bytes store and its changelog; part of each commit.</summary>
    public abstract void Flush();

    public abstract void Dispose();
}
