using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Runtime.Standbys;

/// <summary>The copy of a task's stores that a process keeps while another one runs the task.</summary>
internal sealed class StandbyTask : IDisposable
{
    private readonly RocksDbStateBackend _state;

    /// <summary>Takes over the open stores.</summary>
    /// <param name="id">The task.</param>
    /// <param name="state">Its stores.</param>
    /// <param name="stores">What fills them.</param>
    /// <param name="now">Timestamp of the clock.</param>
    public StandbyTask(TaskId id, RocksDbStateBackend state, IReadOnlyList<StandbyStore> stores, long now) =>
        (Id, _state, Stores, FlushedAt) = (id, state, stores, now);

    public TaskId Id { get; }

    public IReadOnlyList<StandbyStore> Stores { get; }

    /// <summary>When it was brought to disk last, by the clock.</summary>
    public long FlushedAt { get; private set; }

    /// <summary>Whether something has changed since it was brought to disk.</summary>
    public bool HasUnflushed => _state.Database.UnflushedChanges > 0;

    /// <summary>Drops rows that have expired, and brings the rest to disk, where the leader of the group will hear of it.</summary>
    public void Flush(long now)
    {
        foreach (var store in _state.Database.Stores)
        {
            if (store is PersistentTimedStore { NewestTime: >= 0 } timed)
            {
                timed.ExpireBefore(timed.NewestTime - timed.Descriptor.RetentionMs + 1);
            }
        }

        _state.Database.Commit([]);
        _state.Database.Flush();
        FlushedAt = now;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in Stores)
        {
            store.Restorer.Dispose();
        }

        _state.Dispose();
    }
}
