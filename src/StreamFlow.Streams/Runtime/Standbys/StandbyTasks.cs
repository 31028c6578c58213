using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime.Restoring;
using StreamFlow.Streams.Runtime.Threads;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Runtime.Standbys;

/// <summary>
/// The copies of stores that this process keeps for others (<c>num.standby.replicas</c>): one loop with a consumer of its own follows their
/// changelogs. A thread that is given such a task takes its stores first (<see cref="TakeAsync"/>): they are closed here, opened there, and
/// lack only what came since. A copy that fails is closed and opened anew; nothing else stops for it. Thread safe.
/// </summary>
/// <param name="context">What the threads share.</param>
/// <param name="onRetry">Told of failures that the loop goes on after.</param>
internal sealed class StandbyTasks(ThreadContext context, Action<Exception> onRetry) : IAsyncDisposable
{
    private const int BatchesPerStep = 256;
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, IReadOnlyList<TaskId>> _told = [];
    private readonly Dictionary<TaskId, int> _running = [];
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _stop = new();
    private Task? _loop;
    private IConsumer _consumer = null!;
    private volatile IReadOnlyList<StandbyProgress> _progress = [];

    // Held by whoever touches the consumer and the copies.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<TaskId, StandbyTask> _copies = [];
    private readonly Dictionary<TopicPartition, StandbyStore> _byChangelog = [];
    private long _limitsAskedAt;

    /// <summary>The copies as of the last step.</summary>
    public IReadOnlyList<StandbyProgress> Progress => _progress;

    /// <summary>The leader has told a thread which copies this process shall keep.</summary>
    /// <param name="thread">The thread's number; what it was told before counts no more.</param>
    /// <param name="tasks">The tasks.</param>
    public void Assign(int thread, IReadOnlyList<TaskId> tasks)
    {
        lock (_gate)
        {
            _told[thread] = tasks;
            if (_loop is null && tasks.Count > 0 && !_stop.IsCancellationRequested)
            {
                _consumer = ThreadClients.CreateRestoreConsumer(context);
                _loop = Task.Run(RunAsync);
            }
        }

        _changed.Release();
    }

    /// <summary>
    /// A thread is about to open the stores of a task: ends the copy, if there is one, and keeps none until <see cref="GiveBack"/>.
    /// </summary>
    public async ValueTask TakeAsync(TaskId task, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _running[task] = _running.GetValueOrDefault(task) + 1;
            if (_loop is null)
            {
                return;
            }
        }

        _consumer.Wakeup();
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_copies.ContainsKey(task))
            {
                Close(task);
                Reassign();
                Publish();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A thread has closed the stores of a task that it took.</summary>
    public void GiveBack(TaskId task)
    {
        lock (_gate)
        {
            var count = _running.GetValueOrDefault(task) - 1;
            if (count > 0)
            {
                _running[task] = count;
            }
            else
            {
                _running.Remove(task);
            }
        }

        _changed.Release();
    }

    /// <summary>Ends the loop and closes all copies; they are on disk then.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_loop is { } loop)
        {
            await loop.ConfigureAwait(false);
            await _consumer.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
        _changed.Dispose();
        _turn.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await TurnAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Disposed.
            }
            catch (Exception e)
            {
                await RecoverAsync(e).ConfigureAwait(false);
            }
        }

        await CloseAllAsync().ConfigureAwait(false);
    }

    private async Task TurnAsync()
    {
        bool isIdle;
        await _turn.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            await FollowAssignmentAsync().ConfigureAwait(false);
            isIdle = _copies.Count == 0;
            if (!isIdle)
            {
                await StepAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }

        if (isIdle)
        {
            await _changed.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    private async Task RecoverAsync(Exception failure)
    {
        await CloseAllAsync().ConfigureAwait(false);
        onRetry(failure);
        try
        {
            await Task.Delay(Backoff, context.Clock, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Disposed meanwhile: the loop sees it.
        }
    }

    /// <summary>Closes copies that are not wanted any more, and opens those that are.</summary>
    private async Task FollowAssignmentAsync()
    {
        HashSet<TaskId> wanted;
        lock (_gate)
        {
            wanted = [.. _told.Values.SelectMany(t => t).Where(t => !_running.ContainsKey(t))];
        }

        var gone = _copies.Keys.Where(t => !wanted.Contains(t)).ToList();
        gone.ForEach(Close);
        if (gone.Count > 0)
        {
            Reassign();
        }

        var added = wanted.Where(t => !_copies.ContainsKey(t)).OrderBy(t => t.Subtopology).ThenBy(t => t.Partition).ToList();
        foreach (var task in added)
        {
            await OpenAsync(task).ConfigureAwait(false);
        }

        if (gone.Count + added.Count > 0)
        {
            Publish();
        }
    }

    private async Task OpenAsync(TaskId id)
    {
        var part = context.Topology.Subtopologies.FirstOrDefault(p => p.Id == id.Subtopology);
        if (part is null || !part.StoreDescriptors.Any(s => s.CanBeRestored))
        {
            // The leader has another version of the topology.
            return;
        }

        var copy = OpenStores(id, part.StoreDescriptors);
        var bounds = await ChangelogBounds.ReadAsync(
            context.Cluster.Admin, [.. copy.Stores.Select(s => s.Changelog)], _stop.Token).ConfigureAwait(false);
        if (!copy.Stores.All(s => bounds.Fits(s.Restorer)))
        {
            Close(id);
            context.Storage.Wipe(id);
            copy = OpenStores(id, part.StoreDescriptors);
        }

        Reassign();
        foreach (var store in copy.Stores)
        {
            _consumer.Seek(store.Changelog, bounds.StartOf(store.Restorer));
        }
    }

    private StandbyTask OpenStores(TaskId id, IReadOnlyList<StoreDescriptor> stores)
    {
        var state = context.Storage.OpenTask(id, [.. stores.Where(s => !s.IsGlobal)], static _ => null);
        var copy = new StandbyTask(
            id,
            state,
            [.. stores.Where(s => s.CanBeRestored).Select(s => new StandbyStore(
                context.Storage.Restore(state, s, context.ChangelogOf(id, s)), isSource: s.SourceTopic is not null))],
            context.Clock.GetTimestamp());
        _copies.Add(id, copy);
        foreach (var store in copy.Stores)
        {
            _byChangelog.Add(store.Changelog, store);
        }

        return copy;
    }

    private async Task StepAsync()
    {
        await AskLimitsAsync().ConfigureAwait(false);
        for (var i = 0; i < BatchesPerStep; i++)
        {
            using var batch = await _consumer.PollAsync(i == 0 ? context.Options.PollTimeout : TimeSpan.Zero, _stop.Token)
                .ConfigureAwait(false);
            if (batch is null)
            {
                break;
            }

            if (_byChangelog.TryGetValue(batch.Partition, out var store) && !store.TryAdd(batch))
            {
                _consumer.Pause([store.Changelog]);
                _consumer.Seek(store.Changelog, store.Restorer.Position);
            }
        }

        var now = context.Clock.GetTimestamp();
        foreach (var copy in _copies.Values)
        {
            foreach (var store in copy.Stores)
            {
                store.Write();
            }

            if (copy.HasUnflushed && context.Clock.GetElapsedTime(copy.FlushedAt, now) >= context.Options.StateFlushInterval)
            {
                copy.Flush(now);
            }
        }

        Publish();
    }

    /// <summary>Lets stores that are filled from input topics follow what the group has committed.</summary>
    private async Task AskLimitsAsync()
    {
        var now = context.Clock.GetTimestamp();
        var held = _byChangelog.Values.Where(s => s.IsHeld).Select(s => s.Changelog).ToList();
        if (held.Count == 0 || context.Clock.GetElapsedTime(_limitsAskedAt, now) < context.Options.EffectiveCommitInterval)
        {
            return;
        }

        _limitsAskedAt = now;
        var committed = await context.Cluster.Admin.ListGroupOffsetsAsync(
            context.Options.ApplicationId, held, cancellationToken: _stop.Token).ConfigureAwait(false);
        foreach (var (partition, offset) in committed)
        {
            _byChangelog[partition].Limit = offset.Offset;
        }

        _consumer.Resume(held.Where(p => !_byChangelog[p].IsHeld));
    }

    private void Close(TaskId task)
    {
        if (_copies.Remove(task, out var copy))
        {
            foreach (var store in copy.Stores)
            {
                _byChangelog.Remove(store.Changelog);
            }

            copy.Dispose();
        }
    }

    private async Task CloseAllAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var task in _copies.Keys.ToList())
            {
                Close(task);
            }

            Reassign();
            Publish();
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Reassign()
    {
        _consumer.Assign(_byChangelog.Keys.ToList());
        _consumer.Pause(_byChangelog.Values.Where(s => s.IsHeld).Select(s => s.Changelog));
    }

    private void Publish() => _progress =
    [
        .. _copies.Values.Select(c => new StandbyProgress(
            c.Id, [.. c.Stores.Select(s => new InputProgress(s.Changelog, PositionOf(s), _consumer.EndOffset(s.Changelog)))])),
    ];

    /// <summary>The consumer's position passes control records and compacted ones, which no batch shows.</summary>
    private long PositionOf(StandbyStore store) => Math.Max(store.Restorer.Position, _consumer.Position(store.Changelog) ?? -1);
}
