using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// The log was cut behind the position after an unclean election: records that were read are gone, others may be in their places (KIP-320);
/// and <c>auto.offset.reset</c> is none. Seek to the divergent offset, or choose a reset policy.
/// </summary>
public sealed class LogTruncationException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">The position that is not valid any more.</param>
    /// <param name="divergentOffset">The first offset at which the log may differ from what was read; null when it is not known.</param>
    public LogTruncationException(TopicPartition partition, long position, long? divergentOffset)
        : base(
            $"the log of {partition} was cut below offset {position}, which was reached already, and auto.offset.reset is none: seek to "
                + (divergentOffset is null ? "a position" : $"offset {divergentOffset}, from which on it may differ")
                + ", or choose earliest or latest")
    {
        Partition = partition;
        Position = position;
        DivergentOffset = divergentOffset;
    }

    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The position that is not valid any more.</summary>
    public long Position { get; }

    /// <summary>The first offset at which the log may differ from what was read; null when it is not known.</summary>
    public long? DivergentOffset { get; }
}
