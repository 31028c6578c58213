using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime.Threads;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Runtime.Restoring;

/// <summary>
/// Fills the stores of a thread's new tasks from their changelogs, a few batches a step, so that the thread's other tasks go on meanwhile.
/// Reads with a consumer of its own, without a group. With exactly once only committed records are read, and a restore ends at the very end
/// of the changelog: it waits for transactions of the previous owner to end.
/// </summary>
/// <param name="consumer">Reads the changelogs.</param>
/// <param name="admin">Knows where they begin and end.</param>
/// <param name="restored">Told of every store that is whole.</param>
internal sealed class ChangelogReader(IConsumer consumer, IAdmin admin, Action<StoreRestored> restored) : IAsyncDisposable
{
    private const int BatchesPerStep = 256;

    private readonly Dictionary<TopicPartition, Restore> _restores = [];

    /// <summary>Whether anything is being restored.</summary>
    public bool IsActive => _restores.Count > 0;

    /// <summary>Records restored so far, by all tasks.</summary>
    public long RestoredRecords { get; private set; }

    /// <summary>Begins to restore a task.</summary>
    /// <returns>
    /// False when the state on disk does not fit the changelogs (they were deleted, or cut in front): throw it away and begin anew.
    /// </returns>
    public async Task<bool> AddAsync(ActiveTask task, CancellationToken cancellationToken)
    {
        if (task.Restorers.Count == 0)
        {
            return true;
        }

        var partitions = task.Restorers.Select(r => r.Changelog).ToList();
        var bounds = await ChangelogBounds.ReadAsync(admin, partitions, cancellationToken).ConfigureAwait(false);
        if (!task.Restorers.TrueForAll(bounds.Fits))
        {
            return false;
        }

        foreach (var restorer in task.Restorers)
        {
            var end = bounds.EndOf(restorer);
            var limit = long.MaxValue;
            if (task.Inputs.TryGetValue(restorer.Changelog, out var committed))
            {
                // A source that doubles as changelog: what is behind the committed offset will come as input.
                limit = Math.Max(0, committed);
                end = Math.Min(end, limit);
            }

            var from = bounds.StartOf(restorer);
            if (from >= end)
            {
                restorer.Complete(Math.Max(restorer.Position, end));
                Tell(task, restorer, end, end);
            }
            else
            {
                _restores.Add(restorer.Changelog, new Restore(task, restorer, from, end, limit));
            }
        }

        Reassign();
        return true;
    }

    /// <summary>Gives up restoring a task that was taken away.</summary>
    public void Remove(ActiveTask task)
    {
        foreach (var partition in _restores.Where(r => r.Value.Task == task).Select(r => r.Key).ToList())
        {
            _restores.Remove(partition);
        }

        Reassign();
    }

    /// <summary>Whether all stores of a task are restored.</summary>
    public bool IsRestored(ActiveTask task) => !_restores.Values.Any(r => r.Task == task);

    /// <summary>Restores some more.</summary>
    /// <param name="wait">How long to wait for the first batch.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task StepAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        for (var i = 0; i < BatchesPerStep && _restores.Count > 0; i++)
        {
            using var batch = await consumer.PollAsync(i == 0 ? wait : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (batch is null)
            {
                break;
            }

            if (_restores.TryGetValue(batch.Partition, out var restore))
            {
                restore.Restorer.Add(batch.GetCursor(), batch.Records.Span, restore.Limit);
                RestoredRecords += batch.RecordCount;
            }
        }

        CompleteFinished();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => consumer.DisposeAsync();

    private void CompleteFinished()
    {
        List<TopicPartition>? done = null;
        foreach (var (partition, restore) in _restores)
        {
            // The consumer's position passes control records and compacted ones, which no batch shows.
            if (Math.Max(restore.Restorer.Position, consumer.Position(partition) ?? -1) >= restore.End)
            {
                restore.Restorer.Complete(restore.End);
                Tell(restore.Task, restore.Restorer, restore.From, restore.End);
                (done ??= []).Add(partition);
            }
        }

        if (done is not null)
        {
            done.ForEach(p => _restores.Remove(p));
            Reassign();
        }
    }

    private void Tell(ActiveTask task, StoreRestorer restorer, long from, long to) =>
        restored(new StoreRestored(task.Id, restorer.Store, restorer.Changelog, from, to, restorer.Restored));

    private void Reassign()
    {
        var known = consumer.Assignment.ToHashSet();
        consumer.Assign(_restores.Keys.ToList());
        foreach (var (partition, restore) in _restores)
        {
            if (!known.Contains(partition))
            {
                consumer.Seek(partition, restore.From);
            }
        }
    }

    private sealed record Restore(ActiveTask Task, StoreRestorer Restorer, long From, long End, long Limit);
}
