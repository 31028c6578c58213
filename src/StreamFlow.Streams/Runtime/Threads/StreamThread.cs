using System.Collections.Concurrent;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime.Assignment;
using StreamFlow.Streams.Runtime.Restoring;
using StreamFlow.Streams.Runtime.Standbys;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>
/// One loop of an application: poll, process, punctuate, commit, with a consumer, a producer and tasks of its own. Made and started by
/// <see cref="StreamsApplication"/>; it runs on the thread pool, one step at a time, and awaits only for records, for room in the producer
/// and for commits. Everything it owns is touched by the loop alone; others talk to it through <see cref="Run"/> and <see cref="Stop"/>.
/// The application disposes it after the loop has ended.
/// </summary>
/// <remarks>
/// Failures: a record that fails and may not be skipped, a broken store, a bug end the loop (and the application). What may pass, and the
/// loss of the group or of the transaction to another instance, close all tasks without a commit and open them again as the group decides:
/// their stores are still at the last commit.
/// </remarks>
internal sealed partial class StreamThread : IRebalanceListener, IDisposable
{
    private const int RecordsPerStep = 1000;
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRestoreWait = TimeSpan.FromMilliseconds(5);

    private readonly ThreadContext _context;
    private readonly int _index;
    private readonly StandbyTasks _standbys;
    private readonly Action<StreamThread> _onState;
    private readonly Action<Exception> _onRetry;
    private readonly RecordCollector _collector;
    private readonly ConcurrentQueue<Action<IReadOnlyList<ActiveTask>?>> _calls = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly List<TopicPartition> _changing = [];
    private IConsumer _consumer = null!;
    private IProducer _producer = null!;
    private ChangelogReader _changelogs = null!;
    private GlobalTables? _globals;
    private TaskSet _tasks = null!;
    private TaskCommitter _committer = null!;
    private long _committedAt;
    private long _failingSince = -1;
    private Revival _revival;
    private bool _hasJoined;
    private long _processed;

    /// <summary>Creates the loop.</summary>
    /// <param name="context">What it shares with the others.</param>
    /// <param name="index">Its number in this instance.</param>
    /// <param name="standbys">The copies of stores that the instance keeps for others.</param>
    /// <param name="onState">Told when <see cref="State"/> changes.</param>
    /// <param name="onRetry">Told of failures that it goes on after.</param>
    public StreamThread(
        ThreadContext context, int index, StandbyTasks standbys, Action<StreamThread> onState, Action<Exception> onRetry)
    {
        (_context, _index, _standbys, _onState, _onRetry) = (context, index, standbys, onState, onRetry);
        _collector = new RecordCollector(context.IsExactlyOnce);
    }

    /// <summary>Where it is in its life.</summary>
    public LoopState State { get; private set; }

    /// <summary>Why it failed.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Records processed.</summary>
    public long Processed => Volatile.Read(ref _processed);

    /// <summary>Records restored from changelogs.</summary>
    public long Restored => _changelogs?.RestoredRecords ?? 0;

    /// <summary>Asks the loop to commit, close its tasks and end.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Has the loop make a call between two batches, with the tasks that run; with null when the loop has ended.</summary>
    public void Run(Action<IReadOnlyList<ActiveTask>?> call)
    {
        _calls.Enqueue(call);
        Wake();
        if (State is LoopState.Stopped or LoopState.Failed)
        {
            AnswerCalls(null);
        }
    }

    /// <summary>Ends a wait for records early: there is a call to answer, or a pause is over.</summary>
    public void Wake()
    {
        if (State is LoopState.Running or LoopState.Rebalancing)
        {
            _consumer?.Wakeup();
        }
    }

    /// <summary>The loop, until <see cref="Stop"/> or a failure.</summary>
    public async Task RunAsync()
    {
        try
        {
            await OpenAsync(_stop.Token).ConfigureAwait(false);
            while (!_stop.IsCancellationRequested)
            {
                await GuardedStepAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while it waited.
        }
        catch (Exception e)
        {
            Failure = e;
        }

        try
        {
            await CloseAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Failure ??= e;
        }

        SetState(Failure is null ? LoopState.Stopped : LoopState.Failed);
        AnswerCalls(null);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var assignor = new StreamsAssignor(
            _context.Topology, _context.Options.ApplicationId, _context.Storage.ProcessId, _context.Storage.ListTasks,
            _context.Options.StandbyReplicas, tasks => _standbys.Assign(_index, tasks));
        _consumer = ThreadClients.CreateConsumer(_context, assignor);
        _changelogs = new ChangelogReader(ThreadClients.CreateRestoreConsumer(_context), _context.Cluster.Admin, _context.Restored);
        await OpenProducerAsync(cancellationToken).ConfigureAwait(false);
        _globals = await GlobalTables.OpenAsync(_context, _collector, cancellationToken).ConfigureAwait(false);
        _tasks = new TaskSet(_context, _consumer, _collector, _changelogs, _standbys, () => _globals?.Stores ?? []);
        _committer = new TaskCommitter(_context, _consumer, _collector);
        _committedAt = _context.Clock.GetTimestamp();
        Subscribe();
    }

    private async Task OpenProducerAsync(CancellationToken cancellationToken)
    {
        _producer = ThreadClients.CreateProducer(_context, _index, _collector);
        _collector.Use(_producer);
        if (_context.IsExactlyOnce)
        {
            await _producer.InitTransactionsAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Subscribe()
    {
        var parts = _context.Topology.Subtopologies;
        var names = parts.SelectMany(
            p => p.SourceTopics).Select(t => PartitionPlan.FullName(t, _context.Options.ApplicationId)).Distinct().ToList();
        var patterns = parts.SelectMany(p => p.SourcePatterns).Select(p => p.ToString()).ToList();
        if (patterns.Count == 0)
        {
            _consumer.Subscribe(names, this);
            return;
        }

        var any = names.Select(System.Text.RegularExpressions.Regex.Escape).Concat(patterns).Select(p => $"(?:{p})");
        _consumer.Subscribe(
            new System.Text.RegularExpressions.Regex($"^(?:{string.Join('|', any)})$",
                System.Text.RegularExpressions.RegexOptions.CultureInvariant), this);
    }

    private async Task GuardedStepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_revival != Revival.None)
            {
                await ReviveAsync(cancellationToken).ConfigureAwait(false);
            }

            await StepAsync(cancellationToken).ConfigureAwait(false);
            _failingSince = -1;
        }
        catch (ProducerFencedException e)
        {
            _onRetry(e);
            _revival = Revival.WithNewProducer;
        }
        catch (Exception e) when (e is CommitFailedException or TransactionAbortableException || CanRetry(e))
        {
            _onRetry(e);
            _revival = _revival == Revival.None ? Revival.WithSameProducer : _revival;
            await Task.Delay(Backoff, _context.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool CanRetry(Exception e)
    {
        if (e is not StreamFlowException { IsRetriable: true } || e is RecordFailedException)
        {
            return false;
        }

        var now = _context.Clock.GetTimestamp();
        _failingSince = _failingSince < 0 ? now : _failingSince;
        return _context.Clock.GetElapsedTime(_failingSince, now) < _context.Options.TaskTimeout;
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        await PollAsync(cancellationToken).ConfigureAwait(false);
        await _tasks.OpenLockedAsync(cancellationToken).ConfigureAwait(false);
        if (_changelogs.IsActive)
        {
            await _changelogs.StepAsync(HasWork() ? TimeSpan.Zero : RestoreWait(), cancellationToken).ConfigureAwait(false);
            _tasks.StartRestored();
        }

        if (_globals is not null)
        {
            await _globals.StepAsync(cancellationToken).ConfigureAwait(false);
        }

        var now = _context.Clock.GetTimestamp();
        foreach (var task in _tasks.Running)
        {
            await ProcessAsync(task, now, cancellationToken).ConfigureAwait(false);
        }

        AnswerCalls(_tasks.Running);
        await CommitIfDueAsync(now).ConfigureAwait(false);
        ResumeDrained();
        SetState(_hasJoined && !_tasks.IsRestoring ? LoopState.Running : LoopState.Rebalancing);
    }

    private async ValueTask PollAsync(CancellationToken cancellationToken)
    {
        var wait = HasWork() ? TimeSpan.Zero : _context.Options.PollTimeout;
        if (_changelogs.IsActive)
        {
            wait = TimeSpan.Zero;
        }

        // Takes what is there, bounded by what the queues may hold: each full queue pauses its partition.
        for (var batch = await _consumer.PollAsync(wait, cancellationToken).ConfigureAwait(false);
            batch is not null;
            batch = await _consumer.PollAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            if (_tasks.RunningTaskOf(batch.Partition)?.Task is not { } task)
            {
                batch.Dispose();
                continue;
            }

            TaskInput.Add(task, batch);
            if (task.QueuedRecords(batch.Partition) >= _context.Options.BufferedRecordsPerPartition && _paused.Add(batch.Partition))
            {
                _changing.Clear();
                _changing.Add(batch.Partition);
                _consumer.Pause(_changing);
            }

            if (_paused.Count >= _consumer.Assignment.Count)
            {
                break;
            }
        }
    }

    /// <summary>
    /// How long a step waits for changelogs that have nothing yet: shortly where input of other tasks may come meanwhile. Not to wait at
    /// all would keep a processor busy that the fetch needs.
    /// </summary>
    private TimeSpan RestoreWait() =>
        _tasks.Running.Length > 0 && _context.Options.PollTimeout > LongestRestoreWait ? LongestRestoreWait : _context.Options.PollTimeout;

    private bool HasWork()
    {
        foreach (var task in _tasks.Running)
        {
            if (!_context.Pause.IsPaused && task.Task!.HasRecords && task.IdleSince < 0)
            {
                return true;
            }
        }

        return !_calls.IsEmpty;
    }

    private async ValueTask ProcessAsync(ActiveTask task, long now, CancellationToken cancellationToken)
    {
        var stream = task.Task!;
        if (!_context.Pause.IsPaused)
        {
            if (stream.HasRecords && MayProcess(task, now))
            {
                var taken = stream.Process(RecordsPerStep);
                Volatile.Write(ref _processed, _processed + taken);
            }

            stream.PunctuateWallClock();
        }

        if (_collector.MustDrain)
        {
            await _collector.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether every input has records, or is known to have none for long enough: else records would be taken out of order.
    /// </summary>
    private bool MayProcess(ActiveTask task, long now)
    {
        if (task.Inputs.Count == 1 || _context.Options.MaxTaskIdle < TimeSpan.Zero)
        {
            return true;
        }

        var isEmpty = false;
        foreach (var input in task.Inputs.Keys)
        {
            if (task.Task!.QueuedRecords(input) == 0)
            {
                isEmpty = true;
                if (_consumer.EndOffset(input) is not { } end || (_consumer.Position(input) ?? 0) < end)
                {
                    task.IdleSince = now;
                    return false;
                }
            }
        }

        if (!isEmpty)
        {
            task.IdleSince = -1;
            return true;
        }

        task.IdleSince = task.IdleSince < 0 ? now : task.IdleSince;
        if (_context.Clock.GetElapsedTime(task.IdleSince, now) < _context.Options.MaxTaskIdle)
        {
            return false;
        }

        task.IdleSince = -1;
        return true;
    }

    private void ResumeDrained()
    {
        if (_paused.Count == 0)
        {
            return;
        }

        _changing.Clear();
        foreach (var partition in _paused)
        {
            var task = _tasks.RunningTaskOf(partition)?.Task;
            if (task is null || task.QueuedRecords(partition) < _context.Options.BufferedRecordsPerPartition)
            {
                _changing.Add(partition);
            }
        }

        for (var i = _changing.Count - 1; i >= 0; i--)
        {
            _paused.Remove(_changing[i]);
            if (_tasks.RunningTaskOf(_changing[i]) is null)
            {
                _changing.RemoveAt(i);
            }
        }

        if (_changing.Count > 0)
        {
            _consumer.Resume(_changing);
        }
    }

    private async ValueTask CommitIfDueAsync(long now)
    {
        if (_context.Clock.GetElapsedTime(_committedAt, now) >= _context.Options.EffectiveCommitInterval
            || IsCommitRequested()
            || TaskCommitter.UncommittedBytes(_tasks.Running) >= _context.Options.UncommittedMaxBytes)
        {
            await CommitAsync().ConfigureAwait(false);
            _committedAt = now;
            PublishProgress();
        }
    }

    private async ValueTask CommitAsync()
    {
        try
        {
            // A commit is not cancelled half way: whether it happened would not be known. The clients' own timeouts bound it.
            await _committer.CommitAsync(_tasks.Running, _producer, CancellationToken.None).ConfigureAwait(false);
        }
        catch (CommitFailedException e) when (
            !_context.IsExactlyOnce && e.ErrorCode is (ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration))
        {
            // The group is between two generations. The tasks are this thread's until a poll says otherwise, so the next commit covers what
            // this one did; closing them now would process records again whose changes are in the changelogs already.
            _onRetry(e);
        }
    }

    private bool IsCommitRequested()
    {
        foreach (var task in _tasks.Running)
        {
            if (task.Task!.CommitRequested)
            {
                return true;
            }
        }

        return false;
    }

    private void AnswerCalls(IReadOnlyList<ActiveTask>? tasks)
    {
        while (_calls.TryDequeue(out var call))
        {
            call(tasks);
        }
    }

    private void SetState(LoopState state)
    {
        if (State != state)
        {
            State = state;
            _onState(this);
        }
    }
}
