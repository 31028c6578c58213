using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>The stores of one task in RocksDB, and the changelog writers that go with them.</summary>
internal sealed class RocksDbStateBackend : IStateBackend, IDisposable
{
    private readonly Func<StoreDescriptor, IChangelogWriter?> _changelogs;

    /// <summary>Creates the backend and takes ownership of the database.</summary>
    /// <param name="database">The task's database.</param>
    /// <param name="changelogs">Makes the writer of a store's changelog.</param>
    public RocksDbStateBackend(TaskDatabase database, Func<StoreDescriptor, IChangelogWriter?> changelogs) =>
        (Database, _changelogs) = (database, changelogs);

    /// <summary>The task's database.</summary>
    public TaskDatabase Database { get; }

    /// <inheritdoc/>
    public IBytesStore OpenBytes(StoreDescriptor store) => Database.OpenBytes(store);

    /// <inheritdoc/>
    public ITimedBytesStore OpenTimedBytes(StoreDescriptor store) => Database.OpenTimed(store);

    /// <inheritdoc/>
    public IChangelogWriter? OpenChangelog(StoreDescriptor store) => store.IsLogged ? _changelogs(store) : null;

    /// <summary>See <see cref="TaskDatabase.Commit"/>.</summary>
    public void Commit(IEnumerable<KeyValuePair<TopicPartition, long>> positions) => Database.Commit(positions);

    /// <inheritdoc/>
    public void Dispose() => Database.Dispose();
}
