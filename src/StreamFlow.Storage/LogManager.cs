using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Topics;
using StreamFlow.Storage.Checkpoints;
using StreamFlow.Storage.Flushing;
using StreamFlow.Storage.Recovery;

namespace StreamFlow.Storage;

/// <summary>
/// A data directory: the logs of its partitions, the lock that keeps other processes out, the files by which the next start knows how
/// the last one ended. The broker opens one and disposes it. Thread safe. It owns one thread, the flusher; everything else that is due by
/// the clock happens in <see cref="RunMaintenance"/>, which its owner calls (every second or so), so that tests can step it.
/// </summary>
public sealed partial class LogManager : IAsyncDisposable
{
    private const string LockFile = ".lock";
    private const string LockHolderFile = ".lock-holder";
    private const string CleanShutdownFile = ".kafka_cleanshutdown";

    private readonly LogContext _context;
    private readonly IDisposable _lock;
    private readonly Lock _topologyLock = new();
    private readonly Queue<(string Directory, PartitionLog Log, long DueTime)> _removed = new();
    private readonly Lock _logStartsLock = new();
    private ConcurrentDictionary<TopicPartition, PartitionLog> _logs = [];
    private long _nextCheckpoint;
    private long _nextRetention;
    private long _nextCleaning;
    private bool _isDisposed;

    private LogManager(LogContext context, IDisposable directoryLock, MetaProperties meta)
    {
        (_context, _lock) = (context, directoryLock);
        (ClusterId, NodeId, DirectoryId) = (meta.ClusterId, meta.NodeId, meta.DirectoryId);
        var now = context.Now();
        _nextCheckpoint = now + (long)context.Options.CheckpointInterval.TotalMilliseconds;
        _nextRetention = now + (long)context.Options.InitialTaskDelay.TotalMilliseconds;
    }

    /// <summary>The data directory.</summary>
    public string Directory => _context.Options.Directory;

    /// <summary>Id of the cluster that the directory belongs to.</summary>
    public string ClusterId { get; }

    /// <summary>Id of the broker that the directory belongs to.</summary>
    public int NodeId { get; }

    /// <summary>Id of the directory itself (KIP-858).</summary>
    public Guid DirectoryId { get; }

    /// <summary>Whether the last process closed the directory in order, so that nothing had to be scanned.</summary>
    public bool WasCleanShutdown { get; private set; }

    /// <summary>Partitions that could not be opened, and why. Their directories are left alone.</summary>
    public IReadOnlyDictionary<TopicPartition, StreamFlowException> FailedPartitions { get; private set; } =
        new Dictionary<TopicPartition, StreamFlowException>();

    /// <summary>All logs; a snapshot that does not change.</summary>
    public IReadOnlyCollection<PartitionLog> Logs => (IReadOnlyCollection<PartitionLog>)_logs.Values;

    /// <summary>Opens a data directory, making it when it is not there, and every log in it.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="configOf">The settings of a topic's logs.</param>
    /// <param name="files">The disk.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where recovery and maintenance report.</param>
    /// <exception cref="StorageException">
    /// Another process holds the directory, it belongs to another broker, or the disk refused.
    /// </exception>
    public static LogManager Open(
        LogManagerOptions options, Func<string, LogConfig> configOf, IFileSystem files, TimeProvider time, ILogger logger)
    {
        files.CreateDirectory(options.Directory);
        var directoryLock = TakeLock(files, options.Directory);
        LogFlusher? flusher = null;
        try
        {
            var meta = CheckOwner(files, options);
            flusher = new LogFlusher(options.FlushInBackground);
            var manager = new LogManager(new LogContext(files, time, logger, flusher, options), directoryLock, meta);
            manager.OpenLogs(configOf);
            return manager;
        }
        catch
        {
            flusher?.Dispose();
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>The log of a partition, or null.</summary>
    public PartitionLog? Find(TopicPartition partition) => _logs.GetValueOrDefault(partition);

    /// <summary>The log of a partition, made when it is not there.</summary>
    /// <param name="partition">Topic and partition.</param>
    /// <param name="topicId">The topic's id, written to <c>partition.metadata</c>.</param>
    /// <param name="config">The settings of the topic's logs.</param>
    /// <exception cref="StorageException">The disk refused, or the directory belongs to another topic of the same name.</exception>
    public PartitionLog GetOrCreate(TopicPartition partition, Guid topicId, LogConfig config)
    {
        if (Find(partition) is { } existing)
        {
            return existing;
        }

        TopicName.Check(partition.Topic);
        lock (_topologyLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_logs.TryGetValue(partition, out var log))
            {
                return log;
            }

            if (FailedPartitions.TryGetValue(partition, out var failure))
            {
                throw failure;
            }

            var directory = Path.Combine(Directory, partition.ToString());
            _context.Files.CreateDirectory(directory);
            PartitionMetadataFile.Write(_context.Files, directory, topicId);
            log = PartitionLog.Open(partition, topicId, directory, config, _context, new LogLoadOptions(IsClean: true, 0, 0));
            _logs[partition] = log;
            return log;
        }
    }

    /// <summary>Removes a partition: it is gone at once, its files after <c>file.delete.delay.ms</c>.</summary>
    /// <returns>False when there is no such log.</returns>
    /// <exception cref="StorageException">The disk refused.</exception>
    public bool Delete(TopicPartition partition)
    {
        lock (_topologyLock)
        {
            if (!_logs.TryGetValue(partition, out var log))
            {
                return false;
            }

            var renamed = DeletedName(partition);
            _context.Files.Move(log.Directory, renamed);
            _context.Files.SyncDirectory(Directory);
            _logs.TryRemove(partition, out _);
            log.CloseForDeletion(renamed);
            _removed.Enqueue((renamed, log, _context.Now() + log.Config.FileDeleteDelayMs));
            RemoveDueDirectories(_context.Now());
            return true;
        }
    }

    /// <summary>Gives the logs of a topic new settings.</summary>
    public void UpdateConfig(string topic, LogConfig config)
    {
        foreach (var log in Logs)
        {
            if (log.TopicPartition.Topic == topic)
            {
                log.UpdateConfig(config);
            }
        }
    }

    /// <summary>
    /// Does what is due by the clock: retention, removal of files, flushes by time, checkpoints. One call at a time. A log whose disk
    /// refuses is reported and left for the next call.
    /// </summary>
    public void RunMaintenance(DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds();
        var isRetentionDue = time >= _nextRetention;
        _nextRetention = isRetentionDue ? time + (long)_context.Options.RetentionCheckInterval.TotalMilliseconds : _nextRetention;
        Action<PartitionLog> due = isRetentionDue ? log => log.RunMaintenance(now) : log => log.RunDue(time);
        foreach (var log in Logs)
        {
            Try(log, due);
        }

        if (time >= _nextCleaning)
        {
            _nextCleaning = time + (long)_context.Options.CleanerInterval.TotalMilliseconds;
            Clean(time);
        }

        lock (_topologyLock)
        {
            RemoveDueDirectories(time);
        }

        if (time >= _nextCheckpoint)
        {
            _nextCheckpoint = time + (long)_context.Options.CheckpointInterval.TotalMilliseconds;
            Checkpoint();
        }
    }

    /// <summary>Writes recovery points, log starts and high watermarks, so that an unclean start has less to scan.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    public void Checkpoint()
    {
        var recoveryPoints = new Dictionary<TopicPartition, long>();
        var highWatermarks = new Dictionary<TopicPartition, long>();
        foreach (var log in Logs)
        {
            recoveryPoints[log.TopicPartition] = log.DurableOffset;
            highWatermarks[log.TopicPartition] = log.HighWatermark;
        }

        OffsetCheckpoint.Write(_context.Files, Path.Combine(Directory, OffsetCheckpoint.RecoveryPoint), recoveryPoints);
        CheckpointLogStarts();
        OffsetCheckpoint.Write(_context.Files, Path.Combine(Directory, OffsetCheckpoint.HighWatermark), highWatermarks);
    }

    /// <summary>Writes where the logs start, so that deleted records do not come back with an unclean start.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    public void CheckpointLogStarts()
    {
        lock (_logStartsLock)
        {
            var logStarts = new Dictionary<TopicPartition, long>();
            foreach (var log in Logs)
            {
                if (log.LogStartOffset > log.Segments[0].BaseOffset)
                {
                    logStarts[log.TopicPartition] = log.LogStartOffset;
                }
            }

            OffsetCheckpoint.Write(_context.Files, Path.Combine(Directory, OffsetCheckpoint.LogStart), logStarts);
        }
    }

    /// <summary>Makes everything durable, marks the directory as cleanly shut down, lets go of it.</summary>
    /// <exception cref="StorageException">The mark cannot be written; the next start scans the newest segments.</exception>
    public ValueTask DisposeAsync()
    {
        lock (_topologyLock)
        {
            if (_isDisposed)
            {
                return ValueTask.CompletedTask;
            }

            _isDisposed = true;
        }

        _context.Flusher.Dispose();
        try
        {
            CloseLogs();
        }
        finally
        {
            _lock.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private void CloseLogs()
    {
        var isClean = FailedPartitions.Count == 0;
        foreach (var log in Logs)
        {
            isClean &= log.Close();
        }

        foreach (var (_, log, _) in _removed)
        {
            log.Release();
        }

        if (isClean)
        {
            MarkCleanShutdown();
        }
    }

    private static IDisposable TakeLock(IFileSystem files, string directory)
    {
        var holderPath = Path.Combine(directory, LockHolderFile);
        try
        {
            var held = files.Lock(Path.Combine(directory, LockFile));
            files.WriteAtomically(
                holderPath, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}")));
            return held;
        }
        catch (StorageException e) when (files.FileExists(holderPath))
        {
            var holder = Encoding.UTF8.GetString(files.ReadAllBytes(holderPath));
            throw new StorageException($"the data directory {directory} is in use by {holder}; stop it or choose another directory", e);
        }
    }

    private static MetaProperties CheckOwner(IFileSystem files, LogManagerOptions options)
    {
        var meta = MetaProperties.Read(files, options.Directory);
        if (meta is null)
        {
            meta = new MetaProperties(options.ClusterId ?? TopicIds.Format(NewId()), options.NodeId, NewId());
            meta.Write(files, options.Directory);
        }

        if (meta.NodeId != options.NodeId || (options.ClusterId is not null && options.ClusterId != meta.ClusterId))
        {
            throw new StorageException(
                $"{options.Directory} belongs to node {meta.NodeId} of cluster {meta.ClusterId}; this is node {options.NodeId} of cluster "
                + $"{options.ClusterId ?? meta.ClusterId}; choose another directory or set node.id");
        }

        return meta;
    }

    private static Guid NewId() => new(RandomNumberGenerator.GetBytes(16), bigEndian: true);

    /// <summary><c>topic.ID-delete</c>, cut to what a file name may have, as Kafka names it.</summary>
    private string DeletedName(TopicPartition partition)
    {
        var suffix = $".{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}{LogFileName.DeletedDirectory}";
        var name = partition.ToString();
        return Path.Combine(Directory, name[..Math.Min(name.Length, 255 - suffix.Length)] + suffix);
    }

    private void RemoveDueDirectories(long time)
    {
        while (_removed.TryPeek(out var removed) && removed.DueTime <= time)
        {
            removed.Log.Release();
            _context.Files.DeleteDirectory(removed.Directory);
            _removed.Dequeue();
        }
    }

    private void MarkCleanShutdown()
    {
        try
        {
            Checkpoint();
            _context.Files.WriteAtomically(Path.Combine(Directory, CleanShutdownFile), "{\"version\":0,\"brokerEpoch\":-1}"u8);
        }
        catch (StorageException e)
        {
            LogMaintenanceFailed(_context.Logger, Directory, e);
        }
    }

    private void Try(PartitionLog log, Action<PartitionLog> action)
    {
        try
        {
            action(log);
        }
        catch (StorageException e)
        {
            LogMaintenanceFailed(_context.Logger, log.TopicPartition.ToString(), e);
        }
    }
}
