using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Producing;

/// <summary>What became of one batch.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="BaseOffset">Offset of the batch's first record; -1 when it failed or the broker did not tell.</param>
/// <param name="RecordCount">Records in the batch; the last one's offset is <c>BaseOffset + RecordCount - 1</c>.</param>
/// <param name="Error">Null when the batch was written.</param>
public readonly record struct DeliveryReport(TopicPartition Partition, long BaseOffset, int RecordCount, StreamFlowException? Error);
