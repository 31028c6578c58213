using Microsoft.Extensions.Logging;
using StreamFlow.Core.Topics;

namespace StreamFlow.Storage;

public sealed partial class PartitionLog
{
    [LoggerMessage(
        EventIds.TailCut,
        LogLevel.Warning,
        "{Partition}: cut {Bytes} bytes off {File} at byte {Position} (offset {Offset}): {Reason}")]
    private static partial void LogTailCut(
        ILogger logger, TopicPartition partition, long bytes, string file, long position, long offset, string reason);

    [LoggerMessage(
        EventIds.Damaged,
        LogLevel.Error,
        "{Partition}: {Bytes} bytes of {File} at byte {Position} (offset {Offset}) are damaged and will not be served: {Reason}")]
    private static partial void LogDamaged(
        ILogger logger, TopicPartition partition, long bytes, string file, long position, long offset, string reason);

    [LoggerMessage(
        EventIds.SnapshotFailed, LogLevel.Warning, "{Partition}: the producer snapshot was not written; the next start takes longer")]
    private static partial void LogSnapshotFailed(ILogger logger, TopicPartition partition, Exception exception);

    [LoggerMessage(
        EventIds.SyncFailed, LogLevel.Error, "{Partition}: syncing failed; the log takes no more records until it is opened again")]
    private static partial void LogSyncFailed(ILogger logger, TopicPartition partition, Exception exception);
}
