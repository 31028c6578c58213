using Microsoft.Extensions.Logging;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Storage.Checkpoints;
using StreamFlow.Storage.Cleaning;

namespace StreamFlow.Storage;

public sealed partial class LogManager
{
    // Where each log's last cleaning ended, and the logs that cannot be cleaned until the next start. Touched by maintenance only.
    private Dictionary<TopicPartition, long> _cleanedOffsets = [];
    private readonly HashSet<TopicPartition> _uncleanable = [];

    private void Clean(long time)
    {
        foreach (var log in Logs)
        {
            if (log.Config.IsCompacted && !_uncleanable.Contains(log.TopicPartition))
            {
                Clean(log, time);
            }
        }
    }

    private void Clean(PartitionLog log, long time)
    {
        var from = Math.Max(_cleanedOffsets.GetValueOrDefault(log.TopicPartition), log.LogStartOffset);
        var size = log.SizeInBytes;
        try
        {
            // A log that was truncated may end below its last cleaning.
            from = from > log.LogEndOffset ? log.LogStartOffset : from;
            var to = new LogCleaner(log, _context, time).CleanIfDue(from);
            if (to == from)
            {
                return;
            }

            _cleanedOffsets[log.TopicPartition] = to;
            OffsetCheckpoint.Write(_context.Files, Path.Combine(Directory, OffsetCheckpoint.Cleaner), _cleanedOffsets);
            LogCleaned(_context.Logger, log.TopicPartition, from, to, size, log.SizeInBytes);
        }
        catch (Exception e) when (e is CorruptLogException or CorruptRecordException)
        {
            _uncleanable.Add(log.TopicPartition);
            LogCleaningFailed(_context.Logger, log.TopicPartition, e);
        }
        catch (StorageException e)
        {
            LogMaintenanceFailed(_context.Logger, log.TopicPartition.ToString(), e);
        }
    }

    [LoggerMessage(
        EventIds.Cleaned, LogLevel.Information, "{Partition}: compacted offsets {From} to {To}, {Before} bytes became {After}")]
    private static partial void LogCleaned(ILogger logger, TopicPartition partition, long from, long to, long before, long after);

    [LoggerMessage(
        EventIds.CleaningFailed, LogLevel.Error, "{Partition} cannot be compacted; it is left as it is until the next start")]
    private static partial void LogCleaningFailed(ILogger logger, TopicPartition partition, Exception exception);
}
