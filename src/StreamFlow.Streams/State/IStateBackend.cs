namespace StreamFlow.Streams.State;

/// <summary>
/// Where the stores of one task live. The runtime hands a task one that opens RocksDB and writes changelogs;
/// the test driver one that keeps everything in memory. Stores are opened once, when the task is created, after or before
/// being restored as the backend likes; a restored entry is written to the bytes store behind the typed store's back,
/// before the task processes its first record.
/// </summary>
public interface IStateBackend
{
    /// <summary>Opens a store without expiry (<see cref="StoreDescriptor.IsTimed"/> is false).</summary>
    IBytesStore OpenBytes(StoreDescriptor store);

    /// <summary>Opens a store whose rows expire (<see cref="StoreDescriptor.IsTimed"/> is true).</summary>
    ITimedBytesStore OpenTimedBytes(StoreDescriptor store);

    /// <summary>The changelog of a store; null when it has none.</summary>
    IChangelogWriter? OpenChangelog(StoreDescriptor store);
}
