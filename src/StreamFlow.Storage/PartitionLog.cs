using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Topics;
using StreamFlow.Storage.Checkpoints;
using StreamFlow.Storage.Producers;
using StreamFlow.Storage.Recovery;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage;

/// <summary>
/// The log of one partition on disk: segments with their indexes, the state of its producers, its leader epochs. <see cref="LogManager"/>
/// creates and closes it. Any thread may call any method; writers take turns under one lock, readers take none: they see the segments
/// as a published array and the end as a published offset, and every byte below it is complete.
/// </summary>
/// <remarks>
/// Offsets of a log, in this order: <see cref="LogStartOffset"/> &lt;= <see cref="LastStableOffset"/> &lt;= <see cref="HighWatermark"/>
/// &lt;= <see cref="LogEndOffset"/>. <see cref="DurableOffset"/> says how much would survive the loss of power.
/// </remarks>
public sealed partial class PartitionLog
{
    private readonly LogContext _context;
    private readonly Lock _writeLock = new();
    private readonly ProducerStateManager _producers;
    private readonly LeaderEpochCache _epochs;
    private LogSegment[] _segments;
    private LogConfig _config;
    private long _logStartOffset;
    private long _logEndOffset;
    private long _highWatermark;
    private long _firstUnstableOffset = long.MaxValue;
    private StorageException? _failure;
    private bool _isClosed;
    private volatile bool _isDeleted;

    private PartitionLog(TopicPartition partition, Guid topicId, string directory, LogConfig config, LogContext context, LoadedLog loaded)
    {
        (TopicPartition, TopicId, Directory, _config, _context) = (partition, topicId, directory, config, context);
        _segments = [.. loaded.Segments];
        _producers = loaded.Producers;
        _epochs = loaded.Epochs;
        Damages = loaded.Damages;
        _logStartOffset = loaded.LogStartOffset;
        _logEndOffset = loaded.LogEndOffset;
        _highWatermark = loaded.LogEndOffset;
        _producers.OnHighWatermark(_highWatermark);
        PublishFirstUnstable();
        RestoreFlushState(loaded.DurableOffset);
    }

    /// <summary>Topic and partition.</summary>
    public TopicPartition TopicPartition { get; }

    /// <summary>The topic's id, <see cref="Guid.Empty"/> when the directory names none.</summary>
    public Guid TopicId { get; }

    /// <summary>Path of the partition's directory.</summary>
    public string Directory { get; private set; }

    /// <summary>The settings in force.</summary>
    public LogConfig Config => Volatile.Read(ref _config);

    /// <summary>What the scan at the start found unsound; empty after a clean stop.</summary>
    public IReadOnlyList<LogDamage> Damages { get; }

    /// <summary>The first offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>The offset that the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    /// <summary>Consumers see records below this offset.</summary>
    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>read_committed consumers see records below this offset: no transaction below it is open.</summary>
    public long LastStableOffset => Math.Min(Volatile.Read(ref _firstUnstableOffset), HighWatermark);

    /// <summary>The latest leader epoch of a batch, -1 when there is none.</summary>
    public int LatestLeaderEpoch => _epochs.Latest;

    /// <summary>Bytes of all segments' logs.</summary>
    public long SizeInBytes
    {
        get
        {
            long size = 0;
            foreach (var segment in Segments)
            {
                size += segment.Size;
            }

            return size;
        }
    }

    /// <summary>The number of segments.</summary>
    public int SegmentCount => Segments.Length;

    /// <summary>Why the log takes no more appends, null while all is well. A failed sync ends a log until it is opened again.</summary>
    public StorageException? Failure => Volatile.Read(ref _failure);

    internal LogSegment[] Segments => Volatile.Read(ref _segments);

    internal LogContext Context => _context;

    private LogSegment Active => _segments[^1];

    internal static PartitionLog Open(
        TopicPartition partition, Guid topicId, string directory, LogConfig config, LogContext context, LogLoadOptions options)
    {
        context.Files.CreateDirectory(directory);
        var loaded = new LogLoader(context.Files, directory, config, options).Load();
        var log = new PartitionLog(partition, topicId, directory, config, context, loaded);
        foreach (var segment in loaded.Segments)
        {
            segment.Rest();
        }

        foreach (var damage in loaded.Damages)
        {
            if (damage.WasCut)
            {
                LogTailCut(context.Logger, partition, damage.Length, damage.File, damage.Position, damage.Offset, damage.Reason);
            }
            else
            {
                LogDamaged(context.Logger, partition, damage.Length, damage.File, damage.Position, damage.Offset, damage.Reason);
            }
        }

        return log;
    }

    /// <summary>Takes new settings; they hold from the next append and maintenance step on.</summary>
    public void UpdateConfig(LogConfig config) => Volatile.Write(ref _config, config);

    /// <summary>
    /// Moves the high watermark, for brokers with several replicas. It never goes back and never passes the end.
    /// </summary>
    public void AdvanceHighWatermark(long offset)
    {
        lock (_writeLock)
        {
            PublishHighWatermark(Math.Min(offset, _logEndOffset));
        }
    }

    /// <summary>Where a leader epoch ends: the answer to OffsetForLeaderEpoch.</summary>
    public EpochEndOffset EndOffsetOfEpoch(int leaderEpoch) => _epochs.EndOffsetOf(leaderEpoch, LogEndOffset);

    /// <summary>The leader epoch of the batch at an offset, -1 when it is not known.</summary>
    public int LeaderEpochAt(long offset) => _epochs.EpochAt(offset);

    /// <summary>What is known of the producers, for DescribeProducers.</summary>
    public IReadOnlyList<ProducerStateInfo> DescribeProducers()
    {
        lock (_writeLock)
        {
            var infos = new List<ProducerStateInfo>(_producers.Producers.Count);
            foreach (var (id, entry) in _producers.Producers)
            {
                infos.Add(new ProducerStateInfo(
                    id, entry.Epoch, entry.LastSequence, entry.LastTimestamp, entry.CoordinatorEpoch, entry.TransactionFirstOffset));
            }

            return infos;
        }
    }

    /// <summary>Whether the producer has a transaction open in this partition.</summary>
    public bool HasOpenTransaction(long producerId)
    {
        lock (_writeLock)
        {
            return _producers.Producers.TryGetValue(producerId, out var entry) && entry.TransactionFirstOffset >= 0;
        }
    }

    private void PublishHighWatermark(long offset)
    {
        if (offset > _highWatermark)
        {
            Volatile.Write(ref _highWatermark, offset);
            _producers.OnHighWatermark(offset);
        }

        PublishFirstUnstable();
    }

    private void PublishFirstUnstable() => Volatile.Write(ref _firstUnstableOffset, _producers.FirstUnstableOffset ?? long.MaxValue);

    /// <summary>The index of the segment that holds an offset: the last whose base is at most the offset; 0 below the first.</summary>
    private static int FloorIndex(LogSegment[] segments, long offset)
    {
        var low = 0;
        var high = segments.Length - 1;
        if (segments[high].BaseOffset <= offset)
        {
            return high;
        }

        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (segments[middle].BaseOffset <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
