namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// The stores of one task in RocksDB, and the writers of their changelogs. Stores are opened once each, whoever asks first: a restore that
/// fills them, or the task that uses them.
/// </summary>
internal sealed class RocksDbStateBackend : IStateBackend, IDisposable
{
    private readonly Func<StoreDescriptor, IChangelogWriter?> _changelogs;
    private readonly Dictionary<string, PersistentStore> _opened = new(StringComparer.Ordinal);

    /// <summary>Creates the backend and takes ownership of the database.</summary>
    /// <param name="database">The task's database.</param>
    /// <param name="changelogs">Makes the writer of a store's changelog.</param>
    public RocksDbStateBackend(TaskDatabase database, Func<StoreDescriptor, IChangelogWriter?> changelogs) =>
        (Database, _changelogs) = (database, changelogs);

    /// <summary>The task's database.</summary>
    public TaskDatabase Database { get; }

    /// <inheritdoc/>
    public IBytesStore OpenBytes(StoreDescriptor store) => (PersistentBytesStore)Open(store);

    /// <inheritdoc/>
    public ITimedBytesStore OpenTimedBytes(StoreDescriptor store) => (PersistentTimedStore)Open(store);

    /// <inheritdoc/>
    /// <remarks>What a source topic doubles for is in that topic already: writing it would be new input.</remarks>
    public IChangelogWriter? OpenChangelog(StoreDescriptor store) =>
        store.IsLogged && store.SourceTopic is null ? _changelogs(store) : null;

    /// <summary>Opens a store, or returns the open one.</summary>
    public PersistentStore Open(StoreDescriptor store)
    {
        if (!_opened.TryGetValue(store.Name, out var opened))
        {
            opened = store.IsTimed ? Database.OpenTimed(store) : Database.OpenBytes(store);
            _opened.Add(store.Name, opened);
        }

        return opened;
    }

    /// <inheritdoc/>
    public void Dispose() => Database.Dispose();
}
