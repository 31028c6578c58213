using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// Another thread of this process has the stores of a task open: it has not heard yet that the task is not its own any more.
/// </summary>
internal sealed class StoresInUseException(TaskId task, Exception cause)
    : StreamsException($"the stores of task {task} are still in use by another thread of this process ({cause.Message})", cause);
