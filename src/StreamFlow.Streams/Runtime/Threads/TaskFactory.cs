using StreamFlow.Core.Topics;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>Opens tasks: stores first, operators when the stores are restored.</summary>
internal sealed class TaskFactory(ThreadContext context, RecordCollector collector)
{
    private readonly string _applicationId = context.Options.ApplicationId;

    /// <summary>Opens the stores of a task, and what fills them.</summary>
    public void OpenStores(ActiveTask task)
    {
        if (task.Stores.Count == 0)
        {
            return;
        }

        task.State = context.Storage.OpenTask(task.Id, task.Stores, store => new ChangelogWriter(collector, context.ChangelogOf(task.Id,
            store)));
        foreach (var store in task.Stores.Where(s => s.CanBeRestored))
        {
            var changelog = context.ChangelogOf(task.Id, store);
            task.Changelogs[store.Name] = changelog;
            task.Restorers.Add(context.Storage.Restore(task.State, store, changelog));
        }
    }

    /// <summary>Throws the state on disk away and opens the stores anew, to be restored from the beginning.</summary>
    public void Reset(ActiveTask task)
    {
        task.Dispose();
        context.Storage.Wipe(task.Id);
        OpenStores(task);
    }

    /// <summary>Makes the operators of a task whose stores are restored.</summary>
    /// <param name="task">The task.</param>
    /// <param name="partitionTimes">Times of its inputs as of the last commit, in ms.</param>
    /// <param name="globalStores">The stores of global tables.</param>
    public void Start(ActiveTask task, IReadOnlyDictionary<TopicPartition, long> partitionTimes, IEnumerable<IStateStore> globalStores)
    {
        task.Restorers.ForEach(r => r.Dispose());
        task.Restorers.Clear();
        var part = context.Topology.Subtopologies.First(p => p.Id == task.Id.Subtopology);
        task.Task = new StreamTask(
            task.Id, [part], context.TaskOptions, task.State ?? (
                IStateBackend)new MemoryStateBackend(), collector, context.Clock, globalStores, context.Dropped);
        foreach (var input in task.Inputs.Keys)
        {
            task.Task.AddPartition(input, partitionTimes.GetValueOrDefault(input, -1));
        }

        task.Task.RestoreNotes(task.Notes);

        task.FlushedAt = context.Clock.GetTimestamp();
    }

    /// <summary>The topics that tasks of a part write, as far as they are known beforehand.</summary>
    public IEnumerable<string> SinkTopics(Subtopology part)
    {
        foreach (var sink in part.Nodes.OfType<SinkGraphNode>())
        {
            if (sink.Topic is { } topic)
            {
                yield return sink.IsInternal ? InternalTopics.FullName(_applicationId, topic) : topic;
            }
        }

        if (context.Options.Errors.DeadLetterTopic is { } deadLetters)
        {
            yield return deadLetters;
        }
    }
}
