using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>A partition has no valid position, and <c>auto.offset.reset</c> is none: seek, or choose a reset policy.</summary>
public sealed class OffsetOutOfRangeException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset that is outside the log, null when there is no committed offset.</param>
    public OffsetOutOfRangeException(TopicPartition partition, long? offset)
        : base(offset is null
            ? $"{partition} has no committed offset and auto.offset.reset is none: seek to a position, or choose earliest or latest"
            : $"offset {offset} of {partition} is outside its log and auto.offset.reset is none: seek to a position, or choose earliest "
                + $"or latest")
    {
        Partition = partition;
        Offset = offset;
    }

    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The offset that is outside the log, null when there is no committed offset.</summary>
    public long? Offset { get; }
}
