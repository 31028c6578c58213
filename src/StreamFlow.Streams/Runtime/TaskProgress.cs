using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Runtime;

/// <summary>What a task of this instance was doing at its thread's last look, about once a commit interval.</summary>
/// <param name="Id">Which task.</param>
/// <param name="IsRunning">False while its stores are being restored.</param>
/// <param name="Stores">The names of its stores.</param>
/// <param name="Inputs">How far it is with each input partition.</param>
public sealed record TaskProgress(
    TaskId Id, bool IsRunning, IReadOnlyList<string> Stores, IReadOnlyList<InputProgress> Inputs);

/// <summary>How far a task is with an input partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Next">The next offset to process; -1 before the first record is known.</param>
/// <param name="End">End of the partition as of the last fetch; null before one.</param>
public readonly record struct InputProgress(TopicPartition Partition, long Next, long? End)
{
    /// <summary>Records (offsets) that wait; null when not known.</summary>
    public long? Lag => End is { } end && Next >= 0 ? Math.Max(0, end - Next) : null;
}
