using StreamFlow.Client;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Runtime.Threads;

/// <content>Partitions that come and go, failures, and the end.</content>
internal sealed partial class StreamThread
{
    /// <inheritdoc/>
    public async ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        _hasJoined = true;
        await _tasks.OpenAsync(partitions, seek: false, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask OnRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var leaving = _tasks.TasksOf(partitions);
        if (leaving.Count == 0)
        {
            return;
        }

        // One transaction, one flush: the tasks that stay are committed with those that go.
        await _committer.CommitAsync(_tasks.Running, _producer, CancellationToken.None).ConfigureAwait(false);
        FlushStores(leaving);
        _tasks.Close(leaving);
        _paused.ExceptWith(partitions);
    }

    /// <inheritdoc/>
    public async ValueTask OnLostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        if (_tasks.TasksOf(partitions).Count == 0)
        {
            return;
        }

        // Somebody else may run these tasks by now; the open transaction has work of all of them.
        _tasks.Close(_tasks.All);
        _paused.Clear();
        await AbortAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes all tasks as they were at the last commit and opens those again that are still this thread's.</summary>
    private async Task ReviveAsync(CancellationToken cancellationToken)
    {
        _tasks.Close(_tasks.All);
        _paused.Clear();
        if (_revival == Revival.WithNewProducer)
        {
            await _producer.DisposeAsync().ConfigureAwait(false);
            await OpenProducerAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await AbortAsync(cancellationToken).ConfigureAwait(false);
        }

        _committedAt = _context.Clock.GetTimestamp();
        await _tasks.OpenAsync([.. _consumer.Assignment], seek: true, cancellationToken).ConfigureAwait(false);
        _revival = Revival.None;
    }

    private async Task AbortAsync(CancellationToken cancellationToken)
    {
        _collector.DropWaiting();
        if (!_collector.IsInTransaction)
        {
            return;
        }

        _collector.EndTransaction();
        try
        {
            await _producer.AbortTransactionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StreamFlowException e) when (e is ProducerFencedException || e.IsRetriable)
        {
            // A new producer with the same id ends the transaction as well.
            await _producer.DisposeAsync().ConfigureAwait(false);
            await OpenProducerAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Brings the stores of tasks that leave to disk: whoever opens them next, restores only what is missing.</summary>
    private static void FlushStores(List<ActiveTask> tasks)
    {
        foreach (var task in tasks)
        {
            task.State?.Database.Flush();
        }
    }

    private async Task CloseAsync()
    {
        if (_tasks is not null)
        {
            await FinishTasksAsync().ConfigureAwait(false);
            _tasks.Close(_tasks.All);
            PublishProgress();
        }

        await CloseQuietlyAsync(_globals).ConfigureAwait(false);
        await CloseQuietlyAsync(_changelogs).ConfigureAwait(false);
        await CloseQuietlyAsync(_consumer).ConfigureAwait(false);
        await CloseQuietlyAsync(_producer).ConfigureAwait(false);
    }

    /// <summary>Commits what was processed when the thread ends well; a failure ends in an abort.</summary>
    private async Task FinishTasksAsync()
    {
        using var timeout = new CancellationTokenSource(_context.Options.SessionTimeout, _context.Clock);
        try
        {
            if (Failure is null && _revival == Revival.None)
            {
                await _committer.CommitAsync(_tasks.Running, _producer, timeout.Token).ConfigureAwait(false);
            }
            else
            {
                await AbortAsync(timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // The stores stay at the last commit; the next instance processes the rest again.
            Failure ??= e;
        }
    }

    private async Task CloseQuietlyAsync(IAsyncDisposable? client)
    {
        try
        {
            if (client is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Failure ??= e;
        }
    }
}
