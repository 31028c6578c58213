using Microsoft.Extensions.Logging;
using StreamFlow.Core.Topics;

namespace StreamFlow.Storage;

public sealed partial class PartitionLog
{
    [LoggerMessage(EventIds.TailCut, LogLevel.Warning, "{Partition}: cut {Bytes} bytes off {File} at byte {Position} (offset {Offset}): {Reason}")]
    private static partial void LogTailCutCore(ILogger logger, TopicPartition partition, long bytes, string file, long position, long offset, string reason);

    [LoggerMessage(EventIds.Damaged, LogLevel.Error, "{Partition}: {Bytes} bytes of {File} at byte {Position} (offset {Offset}) are damaged and will not be served: {Reason}. What lies behind them is")]
    private static partial void LogDamagedCore(ILogger logger, TopicPartition partition, long bytes, string file, long position, long offset, string reason);

    [LoggerMessage(EventIds.SnapshotFailed, LogLevel.Warning, "{Partition}: the producer snapshot was not written; the next start replays more of the log")]
    private static partial void LogSnapshotFailedCore(ILogger logger, TopicPartition partition, Exception exception);

    [LoggerMessage(EventIds.SyncFailed, LogLevel.Error, "{Partition}: syncing failed; the log takes no more records until it is opened again")]
    private static partial void LogSyncFailedCore(ILogger logger, TopicPartition partition, Exception exception);

    private void LogTailCut(TopicPartition partition, long bytes, string file, long position, long offset, string reason) =>
        LogTailCutCore(_context.Logger, partition, bytes, file, position, offset, reason);

    private void LogDamaged(TopicPartition partition, long bytes, string file, long position, long offset, string reason) =>
        LogDamagedCore(_context.Logger, partition, bytes, file, position, offset, reason);

    private void LogSnapshotFailed(TopicPartition partition, Exception exception) => LogSnapshotFailedCore(_context.Logger, partition, exception);

    private void LogSyncFailed(TopicPartition partition, Exception exception) => LogSyncFailedCore(_context.Logger, partition, exception);
}
