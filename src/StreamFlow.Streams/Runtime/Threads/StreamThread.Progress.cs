namespace StreamFlow.Streams.Runtime.Threads;

/// <content>What others may see of the tasks, without asking the loop.</content>
internal sealed partial class StreamThread
{
    private volatile IReadOnlyList<TaskProgress> _progress = [];

    /// <summary>The tasks as of the last look.</summary>
    public IReadOnlyList<TaskProgress> Progress => _progress;

    private void PublishProgress()
    {
        var progress = new List<TaskProgress>();
        foreach (var task in _tasks.All)
        {
            progress.Add(Describe(task));
        }

        _progress = progress;
    }

    private TaskProgress Describe(ActiveTask task)
    {
        var inputs = new InputProgress[task.Inputs.Count];
        var i = 0;
        foreach (var (partition, first) in task.Inputs)
        {
            var next = task.Task?.NextOffset(partition) ?? -1;
            inputs[i++] = new InputProgress(
                partition, next >= 0 ? next : _consumer.Position(partition) ?? first, _consumer.EndOffset(partition));
        }

        return new TaskProgress(task.Id, task.Task is not null, task.StoreNames, inputs);
    }
}
