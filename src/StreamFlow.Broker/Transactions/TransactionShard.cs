using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Transactions;

/// <summary>
/// The transactional ids that live in one partition of <c>__transaction_state</c>. A step runs under the lock: the rules decide, the new
/// state is appended, then taken on. Decided transactions are finished here too. Created by <see cref="TransactionCoordinator"/>; any
/// thread may call.
/// </summary>
internal sealed partial class TransactionShard(Partition log, ITransactionMarkers markers, BrokerClock clock, ILogger logger) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TransactionEntry> _entries = new(StringComparer.Ordinal);
    private readonly RecordBatchBuilder _batch = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Runs a rule for a transactional id; durable when the task ends.</summary>
    /// <param name="transactionalId">Whose transaction.</param>
    /// <param name="rule">Decides by the state (null for an unknown id) and the time (ms since 1970).</param>
    /// <param name="cancellation">Ends the wait for an earlier decision to be finished, not the step.</param>
    /// <returns>The rule's answer and the state after it.</returns>
    public async ValueTask<(ErrorCode Error, TransactionMetadata? State)> StepAsync(
        string transactionalId, Func<TransactionMetadata?, long, TransactionStep> rule, CancellationToken cancellation = default)
    {
        TransactionEntry? entry;
        lock (_gate)
        {
            entry = _entries.GetValueOrDefault(transactionalId);
        }

        if (entry is not null)
        {
            // Usually done long ago. When markers cannot be written the rules answer CONCURRENT_TRANSACTIONS after a while.
            await entry.Completion.WaitAsync(LongestWait, clock.Time, cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        TransactionStep step;
        Task appended;
        lock (_gate)
        {
            entry = _entries.GetValueOrDefault(transactionalId);
            step = rule(entry?.State, clock.NowMs);
            if (step.Next is null)
            {
                return (step.Error, entry?.State);
            }

            var error = Append(step.Next);
            if (error != ErrorCode.None)
            {
                return (error, entry?.State);
            }

            if (entry is null)
            {
                _entries[transactionalId] = entry = new TransactionEntry();
            }

            entry.State = step.Next;
            if (!step.Next.IsDecided)
            {
                appended = Task.CompletedTask;
            }
            else
            {
                var markersAppended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                appended = markersAppended.Task;
                entry.Completion = FinishAsync(entry, step.Next, markersAppended);
            }
        }

        var flushed = await FlushAsync().ConfigureAwait(false);
        await appended.ConfigureAwait(false);
        return (flushed == ErrorCode.None ? step.Error : flushed, step.Next);
    }

    /// <summary>The state of a transactional id, or null.</summary>
    public TransactionMetadata? Find(string transactionalId)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(transactionalId)?.State;
        }
    }

    /// <summary>The states of all transactional ids.</summary>
    public IReadOnlyList<TransactionMetadata> All()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Select(e => e.State).OfType<TransactionMetadata>()];
        }
    }

    /// <summary>Forgets ids that nobody has used for long.</summary>
    public void Expire(long expirationMs)
    {
        lock (_gate)
        {
            var now = clock.NowMs;
            foreach (var (id, entry) in _entries.ToArray())
            {
                if (entry.State is { } state && TransactionRules.IsExpired(state, expirationMs, now))
                {
                    _batch.Reset();
                    TransactionRecords.AppendTombstone(_batch, id, now);
                    if (log.Append(_batch.Finish(new RecordBatchOptions()), AppendOrigin.Coordinator).Error == ErrorCode.None)
                    {
                        _entries.Remove(id);
                    }
                }
            }
        }
    }

    /// <summary>Rebuilds the states from the log.</summary>
    public void Replay()
    {
        lock (_gate)
        {
            LogReader.Replay(log, new Replayer(_entries));
            LogReplayed(log.Id.Partition, _entries.Count);
        }
    }

    /// <summary>Finishes what was decided before the last stop. Called when every partition can be written.</summary>
    public void FinishDecided()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
            {
                if (entry.State is { IsDecided: true } state)
                {
                    entry.Completion = FinishAsync(entry, state, new TaskCompletionSource());
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        lock (_gate)
        {
            _batch.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task FinishAsync(TransactionEntry entry, TransactionMetadata decided, TaskCompletionSource markersAppended)
    {
        // The decision has to be durable before anybody can see it.
        await Task.Yield();
        var delayMs = 100;
        while (!await TryFinishOrReportAsync(entry, decided, markersAppended, delayMs).ConfigureAwait(false))
        {
            markersAppended.TrySetResult();
            await Task.Delay(
                TimeSpan.FromMilliseconds(delayMs), clock.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            delayMs = Math.Min(delayMs * 2, 5000);
        }
    }

    private async ValueTask<bool> TryFinishOrReportAsync(
        TransactionEntry entry, TransactionMetadata decided, TaskCompletionSource markersAppended, int delayMs)
    {
        Exception? failure = null;
        try
        {
            if (await TryFinishAsync(entry, decided, markersAppended).ConfigureAwait(false))
            {
                return true;
            }
        }
#pragma warning disable CA1031 // whatever it is, those who wait for the decision must not wait for ever
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }

        LogMarkersFailed(failure, decided.TransactionalId, delayMs);
        return false;
    }

    private async ValueTask<bool> TryFinishAsync(TransactionEntry entry, TransactionMetadata decided, TaskCompletionSource markersAppended)
    {
        if (await FlushAsync().ConfigureAwait(false) != ErrorCode.None)
        {
            return false;
        }

        var isCommit = decided.Status == TransactionStatus.PrepareCommit;
        foreach (var partition in decided.Partitions)
        {
            if (markers.Append(partition, decided.ProducerId, decided.ProducerEpoch, isCommit, 0) != ErrorCode.None)
            {
                return false;
            }
        }

        markersAppended.TrySetResult();
        foreach (var partition in decided.Partitions)
        {
            if (await markers.FlushAsync(partition).ConfigureAwait(false) != ErrorCode.None)
            {
                return false;
            }
        }

        lock (_gate)
        {
            if (!ReferenceEquals(entry.State, decided))
            {
                return true;
            }

            var complete = TransactionRules.Complete(decided, clock.NowMs);
            if (Append(complete) != ErrorCode.None)
            {
                return false;
            }

            entry.State = complete;
            return true;
        }
    }

    private ErrorCode Append(TransactionMetadata state)
    {
        _batch.Reset();
        TransactionRecords.Append(_batch, state);
        return AsCoordinatorError(log.Append(_batch.Finish(new RecordBatchOptions()), AppendOrigin.Coordinator).Error);
    }

    private async ValueTask<ErrorCode> FlushAsync() => AsCoordinatorError(await log.FlushAsync().ConfigureAwait(false));

    private static ErrorCode AsCoordinatorError(ErrorCode error) =>
        error == ErrorCode.None ? ErrorCode.None : ErrorCode.CoordinatorNotAvailable;

    [LoggerMessage(EventIds.TransactionsReplayed, LogLevel.Debug,
        "Loaded {Count} transactional ids from partition {Partition} of the transaction log")]
    private partial void LogReplayed(int partition, int count);

    [LoggerMessage(EventIds.MarkersFailed, LogLevel.Warning,
        "The markers of transaction {TransactionalId} could not be written; trying again in {DelayMs} ms")]
    private partial void LogMarkersFailed(Exception? exception, string transactionalId, int delayMs);

    private sealed class Replayer(Dictionary<string, TransactionEntry> entries) : ILogReplay
    {
        public void OnRecord(in RecordBatchView batch, in RecordView record)
        {
            if (!record.HasKey || TransactionRecords.TransactionalId(record.Key) is not { } id)
            {
                return;
            }

            if (record.HasValue)
            {
                entries[id] = new TransactionEntry { State = TransactionRecords.Read(id, record.Value) };
            }
            else
            {
                entries.Remove(id);
            }
        }

        public void OnMarker(long producerId, bool isCommit)
        {
            // Nobody writes transactionally to the transaction log itself.
        }
    }
}
