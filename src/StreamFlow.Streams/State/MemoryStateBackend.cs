namespace StreamFlow.Streams.State;

/// <summary>Keeps every store in memory and logs nothing: for tests and for topologies whose state may be lost.</summary>
public sealed class MemoryStateBackend : IStateBackend
{
    /// <inheritdoc/>
    public IBytesStore OpenBytes(StoreDescriptor store) => new MemoryBytesStore();

    /// <inheritdoc/>
    public ITimedBytesStore OpenTimedBytes(StoreDescriptor store) => new MemoryTimedBytesStore();

    /// <inheritdoc/>
    public IChangelogWriter? OpenChangelog(StoreDescriptor store) => null;
}
