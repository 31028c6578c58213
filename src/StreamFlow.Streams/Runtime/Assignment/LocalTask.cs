namespace StreamFlow.Streams.Runtime.Assignment;

/// <summary>A task whose state is on a process's disk.</summary>
/// <param name="Task">The task.</param>
/// <param name="Progress">
/// The sum of the offsets up to which the state contains its topics: the greater, the less there is to restore. 0 when that is not known.
/// </param>
internal readonly record struct LocalTask(TaskId Task, long Progress);
