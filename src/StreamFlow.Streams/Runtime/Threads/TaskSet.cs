using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime.Restoring;
using StreamFlow.Streams.Runtime.Standbys;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>
/// The tasks of one thread: opened and closed as partitions come and go, restored, and found by partition. Used by the thread's loop only
/// (rebalances happen inside its polls).
/// </summary>
internal sealed class TaskSet(
    ThreadContext context, IConsumer consumer, RecordCollector collector, ChangelogReader changelogs,
        StandbyTasks standbys, Func<IEnumerable<IStateStore>> globalStores)
{
    private static readonly TimeSpan LockBackoff = TimeSpan.FromMilliseconds(100);

    private readonly TaskFactory _factory = new(context, collector);
    private readonly Dictionary<TaskId, ActiveTask> _tasks = [];
    private readonly Dictionary<TopicPartition, ActiveTask> _byInput = [];
    private readonly Dictionary<TopicPartition, long> _partitionTimes = [];
    private readonly List<ActiveTask> _locked = [];
    private ActiveTask[] _running = [];
    private long _lockedSince;
    private long _lockTriedAt;

    /// <summary>Tasks whose stores are restored; never changed, but replaced. An array, so that walking it allocates nothing.</summary>
    public ActiveTask[] Running => _running;

    /// <summary>All tasks.</summary>
    public IReadOnlyCollection<ActiveTask> All => _tasks.Values;

    /// <summary>Whether some task is still being restored.</summary>
    public bool IsRestoring => _running.Length < _tasks.Count;

    /// <summary>The task that reads a partition and runs; null when there is none.</summary>
    public ActiveTask? RunningTaskOf(TopicPartition partition) =>
        _byInput.TryGetValue(partition, out var task) && task.Task is not null ? task : null;

    /// <summary>Opens the tasks that read these partitions. Their fetching pauses until their stores are restored.</summary>
    public async Task OpenAsync(IReadOnlyCollection<TopicPartition> partitions, bool seek, CancellationToken cancellationToken)
    {
        if (partitions.Count == 0)
        {
            return;
        }

        var committed = await consumer.CommittedAsync(partitions, cancellationToken).ConfigureAwait(false);
        var plan = await PlanAsync(partitions, cancellationToken).ConfigureAwait(false);
        var opened = new List<ActiveTask>();
        foreach (var partition in partitions)
        {
            var id = plan.TaskOf(partition) ?? throw new StreamsException($"no part of the topology reads {partition}");
            if (!_tasks.TryGetValue(id, out var task))
            {
                var part = context.Topology.Subtopologies.First(p => p.Id == id.Subtopology);
                task = new ActiveTask(id, part.StoreDescriptors.Where(s => !s.IsGlobal).ToList());
                _tasks.Add(id, task);
                opened.Add(task);
                await standbys.TakeAsync(id, cancellationToken).ConfigureAwait(false);
                await collector.LearnTopicsAsync(_factory.SinkTopics(part), cancellationToken).ConfigureAwait(false);
            }

            AddInput(task, partition, committed.TryGetValue(partition, out var offset) ? offset : null, seek);
        }

        consumer.Pause(partitions);
        foreach (var task in opened)
        {
            await OpenStoresAsync(task, cancellationToken).ConfigureAwait(false);
        }

        StartRestored();
    }

    /// <summary>
    /// Tries again to open the stores that another thread of this process still held. It may hear later than this one that their tasks
    /// are not its own any more.
    /// </summary>
    /// <exception cref="StoresInUseException">It has held them for <c>task.timeout.ms</c>.</exception>
    public ValueTask OpenLockedAsync(CancellationToken cancellationToken) =>
        _locked.Count == 0 || context.Clock.GetElapsedTime(_lockTriedAt) < LockBackoff ? default : RetryLockedAsync(cancellationToken);

    /// <summary>Lets the tasks run whose stores are complete.</summary>
    public void StartRestored()
    {
        var started = false;
        foreach (var task in _tasks.Values)
        {
            if (task.Task is null && !_locked.Contains(task) && changelogs.IsRestored(task))
            {
                _factory.Start(task, _partitionTimes, globalStores());
                consumer.Resume(task.Inputs.Keys);
                started = true;
            }
        }

        if (started)
        {
            UpdateRunning();
        }
    }

    /// <summary>The tasks that read any of these partitions.</summary>
    public List<ActiveTask> TasksOf(IEnumerable<TopicPartition> partitions) =>
        partitions.Select(p => _byInput.GetValueOrDefault(p)).OfType<ActiveTask>().Distinct().ToList();

    /// <summary>Closes tasks; what was not committed is lost.</summary>
    public void Close(IEnumerable<ActiveTask> tasks)
    {
        foreach (var task in tasks.ToList())
        {
            changelogs.Remove(task);
            _locked.Remove(task);
            task.Dispose();
            standbys.GiveBack(task.Id);
            _tasks.Remove(task.Id);
            foreach (var input in task.Inputs.Keys)
            {
                _byInput.Remove(input);
                _partitionTimes.Remove(input);
            }
        }

        UpdateRunning();
    }

    private async Task OpenStoresAsync(ActiveTask task, CancellationToken cancellationToken)
    {
        try
        {
            _factory.OpenStores(task);
        }
        catch (StoresInUseException) when (MayWaitForLock())
        {
            if (!_locked.Contains(task))
            {
                _locked.Add(task);
            }

            return;
        }

        _locked.Remove(task);

        if (!await changelogs.AddAsync(task, cancellationToken).ConfigureAwait(false))
        {
            _factory.Reset(task);
            await changelogs.AddAsync(task, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool MayWaitForLock()
    {
        _lockTriedAt = context.Clock.GetTimestamp();
        _lockedSince = _locked.Count == 0 ? _lockTriedAt : _lockedSince;
        return context.Clock.GetElapsedTime(_lockedSince, _lockTriedAt) < context.Options.TaskTimeout;
    }

    private async ValueTask RetryLockedAsync(CancellationToken cancellationToken)
    {
        foreach (var task in _locked.ToList())
        {
            await OpenStoresAsync(task, cancellationToken).ConfigureAwait(false);
        }

        StartRestored();
    }

    private void UpdateRunning() =>
        _running = [.. _tasks.Values.Where(t => t.Task is not null).OrderBy(t => t.Id.Subtopology).ThenBy(t => t.Id.Partition)];

    private void AddInput(ActiveTask task, TopicPartition partition, OffsetAndMetadata? committed, bool seek)
    {
        _byInput[partition] = task;
        _partitionTimes[partition] = CommitMetadata.ReadPartitionTime(committed?.Metadata);
        CommitMetadata.ReadNotes(committed?.Metadata, task.Notes);
        task.AddInput(partition, committed?.Offset ?? -1);
        if (committed is { } offset)
        {
            if (seek)
            {
                consumer.Seek(partition, offset.Offset);
            }
        }
        else
        {
            Reset(partition);
        }

        if (task.Task is { } running)
        {
            // A topic found by pattern joined a task that runs already.
            running.AddPartition(partition, _partitionTimes[partition]);
        }
    }

    private void Reset(TopicPartition partition)
    {
        var source = context.Topology.Subtopologies.SelectMany(p => p.SourceTopics)
            .FirstOrDefault(t => PartitionPlan.FullName(t, context.Options.ApplicationId) == partition.Topic);
        switch (source?.OffsetReset ?? OffsetReset.Earliest)
        {
            case OffsetReset.Latest:
                consumer.SeekToEnd([partition]);
                break;
            case OffsetReset.None:
                throw new StreamsException(
                    $"application '{context.Options.ApplicationId}' has no committed offset for {partition} and its source does not say "
                        + $"where to begin; " +
                    "set an offset (streamflow groups reset-offsets) or choose OffsetReset.Earliest");
            default:
                consumer.SeekToBeginning([partition]);
                break;
        }
    }

    private async ValueTask<PartitionPlan> PlanAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<string, int>(context.TopicSizes, StringComparer.Ordinal);
        foreach (var topic in partitions.Select(p => p.Topic).Distinct(StringComparer.Ordinal))
        {
            if (!sizes.ContainsKey(topic))
            {
                var found = await consumer.PartitionsForAsync(topic, cancellationToken).ConfigureAwait(false);
                sizes[topic] = found.Count;
            }
        }

        return new PartitionPlan(context.Topology, context.Options.ApplicationId, sizes);
    }
}
