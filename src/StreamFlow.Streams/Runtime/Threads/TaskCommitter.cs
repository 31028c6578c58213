using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>
/// Makes the work of all tasks of a thread durable together. At least once: output and changelogs, then offsets. Exactly once: all of them
/// in one transaction. The stores on disk follow, in one batch per task: they are never ahead of what is committed.
/// </summary>
internal sealed class TaskCommitter(ThreadContext context, IConsumer consumer, RecordCollector collector)
{
    private readonly Dictionary<TopicPartition, OffsetAndMetadata> _offsets = [];

    /// <summary>Bytes of rows that wait for a commit.</summary>
    public static long UncommittedBytes(ActiveTask[] tasks)
    {
        long sum = 0;
        foreach (var task in tasks)
        {
            sum += task.State?.Database.PendingBytes ?? 0;
        }

        return sum;
    }

    /// <summary>Commits all tasks that have progress.</summary>
    /// <exception cref="CommitFailedException">The thread lost its tasks meanwhile: close them.</exception>
    /// <exception cref="ProducerFencedException">Another instance took over: close the tasks.</exception>
    public async Task CommitAsync(ActiveTask[] running, IProducer producer, CancellationToken cancellationToken)
    {
        var tasks = running.Where(t => t.Task!.NeedsCommit).ToList();
        if (tasks.Count == 0 && !collector.IsInTransaction)
        {
            FlushDue(running);
            return;
        }

        var began = context.Clock.GetTimestamp();
        foreach (var task in tasks)
        {
            task.Task!.PrepareCommit();
            await collector.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        CollectOffsets(tasks);
        if (context.IsExactlyOnce)
        {
            collector.Begin();
            await producer.SendOffsetsToTransactionAsync(_offsets, consumer.GroupMetadata, cancellationToken).ConfigureAwait(false);
            await producer.CommitTransactionAsync(cancellationToken).ConfigureAwait(false);
            collector.EndTransaction();
        }
        else
        {
            await collector.FlushAsync(cancellationToken).ConfigureAwait(false);
            await consumer.CommitAsync(_offsets, cancellationToken).ConfigureAwait(false);
        }

        foreach (var task in tasks)
        {
            task.State?.Database.Commit(task.Positions(collector).ToList());
            task.Task!.CompleteCommit();
        }

        FlushDue(running);
        context.Metrics.OnCommitted(context.Clock.GetElapsedTime(began));
    }

    private void CollectOffsets(List<ActiveTask> tasks)
    {
        _offsets.Clear();
        foreach (var task in tasks)
        {
            foreach (var input in task.Inputs.Keys)
            {
                var next = task.Task!.NextOffset(input);
                if (task.Task.QueuedRecords(input) == 0 && consumer.Position(input) is { } position && position > next)
                {
                    // Behind the last record there may be control records, or ones that compaction took: do not read them again.
                    next = position;
                }

                if (next >= 0)
                {
                    _offsets[input] = new OffsetAndMetadata(next, CommitMetadata.Write(task.Task.PartitionTime(input), task.Task.Notes));
                }
            }
        }
    }

    // Tasks without progress have something to flush, too: what came right after the last flush, or what was restored.
    private void FlushDue(ActiveTask[] tasks)
    {
        var now = context.Clock.GetTimestamp();
        foreach (var task in tasks)
        {
            if (task.State is { Database.UnflushedChanges: > 0 } state
                && context.Clock.GetElapsedTime(task.FlushedAt, now) >= context.Options.StateFlushInterval)
            {
                state.Database.Flush();
                task.FlushedAt = now;
            }
        }
    }
}
