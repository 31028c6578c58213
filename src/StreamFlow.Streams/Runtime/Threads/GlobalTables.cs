using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>
/// A thread's own copy of the global tables: filled from the beginning to the end of their topics before any task runs, then kept up to
/// date between batches. Kept in memory; a copy per thread needs no locks.
/// </summary>
internal sealed class GlobalTables : IAsyncDisposable
{
    private const int RecordsPerStep = 4096;

    private readonly IConsumer _consumer;
    private readonly StreamTask _task;

    private GlobalTables(IConsumer consumer, StreamTask task) => (_consumer, _task) = (consumer, task);

    /// <summary>The stores that tasks read.</summary>
    public IEnumerable<IStateStore> Stores => _task.Stores;

    /// <summary>Opens the tables and fills them. Null when the topology has none.</summary>
    public static async Task<GlobalTables?> OpenAsync(ThreadContext context, RecordCollector collector, CancellationToken cancellationToken)
    {
        if (context.Topology.Global is not { } global)
        {
            return null;
        }

        var consumer = context.Cluster.CreateConsumer(new ConsumerOptions
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = context.Isolation,
        });
        var task = new StreamTask(
            new TaskId(global.Id, 0), [global], context.TaskOptions, new MemoryStateBackend(), collector, context.Clock);
        var tables = new GlobalTables(consumer, task);
        try
        {
            await tables.FillAsync(PartitionsOf(context, global), cancellationToken).ConfigureAwait(false);
            return tables;
        }
        catch
        {
            await tables.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes what came since the last step, without waiting.</summary>
    public async ValueTask StepAsync(CancellationToken cancellationToken)
    {
        for (var batch = await _consumer.PollAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            batch is not null;
            batch = await _consumer.PollAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            TaskInput.Add(_task, batch);
            ProcessAll();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _task.Dispose();
        await _consumer.DisposeAsync().ConfigureAwait(false);
    }

    private static List<TopicPartition> PartitionsOf(ThreadContext context, Topologies.Subtopology global) =>
        PartitionPlan.SourceNames(global, context.Options.ApplicationId, context.TopicSizes.Keys)
            .SelectMany(topic => Enumerable.Range(0, context.TopicSizes.GetValueOrDefault(topic)).Select(p => new TopicPartition(topic, p)))
            .ToList();

    private async Task FillAsync(List<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        partitions.ForEach(p => _task.AddPartition(p));
        _consumer.Assign(partitions);
        _consumer.SeekToBeginning(partitions);
        var ends = await _consumer.EndOffsetsAsync(partitions, cancellationToken).ConfigureAwait(false);
        foreach (var partition in partitions)
        {
            while (!HasReached(partition, ends.GetValueOrDefault(partition)))
            {
                if (await _consumer.PollAsync(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false) is { } batch)
                {
                    TaskInput.Add(_task, batch);
                    ProcessAll();
                }
            }
        }
    }

    private bool HasReached(TopicPartition partition, long end) => (_consumer.Position(partition) ?? 0) >= end;

    private void ProcessAll()
    {
        while (_task.Process(RecordsPerStep) > 0)
        {
        }

        _task.PrepareCommit();
        _task.CompleteCommit();
    }
}
