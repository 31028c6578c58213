using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Runtime;

/// <summary>A copy of a task's stores that this instance keeps while another one runs the task.</summary>
/// <param name="Id">Which task.</param>
/// <param name="Changelogs">How far the copy is with the changelog of each store.</param>
public sealed record StandbyProgress(TaskId Id, IReadOnlyList<InputProgress> Changelogs);
