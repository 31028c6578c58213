using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Runtime;

/// <summary>A task's part of a store is whole again: its changelog was read from where the local state ended.</summary>
/// <param name="Task">The task.</param>
/// <param name="Store">The store.</param>
/// <param name="Changelog">The topic partition that the store is restored from.</param>
/// <param name="From">The first offset that had to be read: where the local state stands, or the changelog's first one.</param>
/// <param name="To">The offset behind the last one; equals <paramref name="From"/> when the local state had everything.</param>
/// <param name="Records">Records read; fewer than offsets when the changelog was compacted.</param>
public sealed record StoreRestored(TaskId Task, string Store, TopicPartition Changelog, long From, long To, long Records);
