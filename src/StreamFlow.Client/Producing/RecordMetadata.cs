using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Producing;

/// <summary>Where a record was written.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset, -1 when the broker did not tell (<see cref="Acks.None"/>).</param>
/// <param name="Timestamp">The record's timestamp (ms): the one it was sent with, or the append time when the topic says so.</param>
public readonly record struct RecordMetadata(TopicPartition Partition, long Offset, long Timestamp);
