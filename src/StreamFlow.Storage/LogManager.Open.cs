using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Storage.Checkpoints;
using StreamFlow.Storage.Recovery;

namespace StreamFlow.Storage;

public sealed partial class LogManager
{
    private void OpenLogs(Func<string, LogConfig> configOf)
    {
        var files = _context.Files;
        var cleanShutdown = Path.Combine(Directory, CleanShutdownFile);
        WasCleanShutdown = files.FileExists(cleanShutdown);
        var recoveryPoints = OffsetCheckpoint.Read(files, Path.Combine(Directory, OffsetCheckpoint.RecoveryPoint));
        _cleanedOffsets = OffsetCheckpoint.Read(files, Path.Combine(Directory, OffsetCheckpoint.Cleaner));
        var logStarts = OffsetCheckpoint.Read(files, Path.Combine(Directory, OffsetCheckpoint.LogStart));
        var logs = new Dictionary<TopicPartition, PartitionLog>();
        var failures = new Dictionary<TopicPartition, StreamFlowException>();
        var isFresh = true;
        foreach (var name in files.ListDirectories(Directory))
        {
            var path = Path.Combine(Directory, name);
            if (name.EndsWith(LogFileName.DeletedDirectory, StringComparison.Ordinal))
            {
                files.DeleteDirectory(path);
                continue;
            }

            if (ParseDirectoryName(name) is not { } partition)
            {
                continue;
            }

            isFresh = false;
            var options = new LogLoadOptions(
                WasCleanShutdown, recoveryPoints.GetValueOrDefault(partition), logStarts.GetValueOrDefault(partition));
            try
            {
                var topicId = PartitionMetadataFile.Read(files, path);
                logs.Add(partition, PartitionLog.Open(partition, topicId, path, configOf(partition.Topic), _context, options));
            }
            catch (StreamFlowException e)
            {
                failures.Add(partition, e);
                LogPartitionFailed(_context.Logger, partition, e);
            }
        }

        // From the first append on the directory is not clean any more.
        files.DeleteFile(cleanShutdown);
        files.SyncDirectory(Directory);
        WasCleanShutdown |= isFresh;
        FailedPartitions = failures;
        _logs = new(logs);
        LogDirectoryOpened(_context.Logger, Directory, logs.Count, WasCleanShutdown);
    }

    /// <summary>Reads <c>topic-partition</c>; null for directories that are not a partition's.</summary>
    private static TopicPartition? ParseDirectoryName(string name)
    {
        var dash = name.LastIndexOf('-');
        return dash > 0
            && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && TopicName.WhyInvalid(name[..dash]) is null
            ? new TopicPartition(name[..dash], partition)
            : null;
    }

    [LoggerMessage(EventIds.DirectoryOpened, LogLevel.Information, "opened {Directory}: {Count} partitions, clean shutdown: {IsClean}")]
    private static partial void LogDirectoryOpened(ILogger logger, string directory, int count, bool isClean);

    [LoggerMessage(EventIds.PartitionFailed, LogLevel.Error, "{Partition} cannot be opened and is left alone")]
    private static partial void LogPartitionFailed(ILogger logger, TopicPartition partition, Exception exception);

    [LoggerMessage(EventIds.MaintenanceFailed, LogLevel.Warning, "maintenance of {Subject} failed; it is tried again")]
    private static partial void LogMaintenanceFailed(ILogger logger, string subject, Exception exception);
}
