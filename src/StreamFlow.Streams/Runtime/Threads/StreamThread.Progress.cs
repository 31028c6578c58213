namespace StreamFlow.Streams.Runtime.Threads;

/// <content>What others may see of the tasks, without asking the loop.</content>
internal sealed partial class StreamThread
{
    private volatile IReadOnlyList<TaskProgress> _progress = [];

    /// <summary>The tasks as of the last look.</summary>
    public IReadOnlyList<TaskProgress> Progress => _progress;

    private void PublishProgress() => _progress = [.. _tasks.All.Select(Describe)];

    private TaskProgress Describe(ActiveTask task)
    {
        var inputs = task.Inputs.Select(input =>
        {
            var next = task.Task?.NextOffset(input.Key) ?? -1;
            return new InputProgress(
                input.Key,
                next >= 0 ? next : _consumer.Position(input.Key) ?? input.Value,
                _consumer.EndOffset(input.Key));
        });
        return new TaskProgress(task.Id, task.Task is not null, [.. task.Stores.Select(s => s.Name)], [.. inputs]);
    }
}
