using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Storage;

/// <summary>
/// The settings of a topic's logs. Names, meanings and defaults are those of Kafka's topic configs; <see cref="LogConfigKeys"/>
/// is the table that joins the properties with Kafka's keys. Immutable: a running log takes a new one.
/// </summary>
public sealed record LogConfig
{
    /// <summary>Kafka's defaults.</summary>
    public static LogConfig Default { get; } = new();

    /// <summary><c>cleanup.policy</c> contains <c>delete</c>: old segments are removed by time and size.</summary>
    public bool IsDeleted { get; init; } = true;

    /// <summary>
    /// <c>cleanup.policy</c> contains <c>compact</c>: the latest record of each key is kept; records without a key are refused.
    /// </summary>
    public bool IsCompacted { get; init; }

    /// <summary><c>compression.type</c>: the codec that batches are stored with; null (<c>producer</c>) keeps the producer's.</summary>
    public CompressionType? Compression { get; init; }

    /// <summary><c>compression.gzip.level</c>: 1 to 9, -1 for the codec's default.</summary>
    public int GzipLevel { get; init; } = -1;

    /// <summary><c>compression.lz4.level</c>: 1 to 17.</summary>
    public int Lz4Level { get; init; } = 9;

    /// <summary><c>compression.zstd.level</c>: -131072 to 22.</summary>
    public int ZstdLevel { get; init; } = 3;

    /// <summary><c>delete.retention.ms</c>: how long tombstones and transaction markers stay in a compacted log.</summary>
    public long DeleteRetentionMs { get; init; } = 86_400_000;

    /// <summary><c>file.delete.delay.ms</c>: how long a removed segment's files stay, for readers that are still at them.</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary><c>flush.messages</c>: a flush is due after so many records; 9223372036854775807 leaves it to the system.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>: a flush is due after so many milliseconds; 9223372036854775807 leaves it to the system.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary><c>index.interval.bytes</c>: bytes of log between two index entries.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>max.message.bytes</c>: the largest batch, compressed, header included.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary><c>message.timestamp.type</c>: whose time a record bears.</summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary><c>message.timestamp.before.max.ms</c>: how far a timestamp may lie before the broker's clock.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>: how far a timestamp may lie ahead of the broker's clock.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3_600_000;

    /// <summary><c>min.cleanable.dirty.ratio</c>: compaction begins when this share of the log is dirty; 0 to 1.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary><c>min.compaction.lag.ms</c>: how long a record stays uncompacted at least.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary><c>max.compaction.lag.ms</c>: after this time a record is compacted whatever the dirty ratio.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary><c>min.insync.replicas</c>: kept here for the broker; a log does not use it.</summary>
    public int MinInsyncReplicas { get; init; } = 1;

    /// <summary><c>retention.bytes</c>: the most bytes of a partition; -1 for no limit.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>retention.ms</c>: how long records are kept; -1 for ever.</summary>
    public long RetentionMs { get; init; } = 604_800_000;

    /// <summary><c>segment.bytes</c>: size at which a new segment begins.</summary>
    public int SegmentBytes { get; init; } = 1_073_741_824;

    /// <summary><c>preallocate</c>: a new segment sets <see cref="SegmentBytes"/> aside on the disk.</summary>
    public bool Preallocate { get; init; }

    /// <summary><c>segment.index.bytes</c>: the most bytes of an index file; a full one begins a new segment.</summary>
    public int SegmentIndexBytes { get; init; } = 10_485_760;

    /// <summary><c>segment.ms</c>: age at which a new segment begins.</summary>
    public long SegmentMs { get; init; } = 604_800_000;

    /// <summary>
    /// <c>segment.jitter.ms</c>: the most by which <see cref="SegmentMs"/> is shortened, so that logs do not all roll at once.
    /// </summary>
    public long SegmentJitterMs { get; init; }

    /// <summary>What a new segment sets aside on the disk (bytes); 0 for nothing.</summary>
    internal long ReservedBytes => Preallocate ? SegmentBytes : 0;

    /// <summary>Reads Kafka's keys over the defaults or other settings.</summary>
    /// <param name="properties">Keys and values as text.</param>
    /// <param name="defaults">What holds for keys that are not given; null for <see cref="Default"/>.</param>
    /// <exception cref="ConfigurationException">A key is not known, or a value is not allowed; every problem is named.</exception>
    public static LogConfig FromProperties(IEnumerable<KeyValuePair<string, string>> properties, LogConfig? defaults = null)
    {
        var config = defaults ?? Default;
        var problems = new List<string>();
        foreach (var (key, value) in properties)
        {
            if (LogConfigKeys.Find(key) is not { } definition)
            {
                problems.Add($"'{key}' is not a topic setting");
            }
            else if (definition.Check(value) is { } problem)
            {
                problems.Add(problem);
            }
            else
            {
                config = definition.Apply(config, value);
            }
        }

        return problems.Count == 0 ? config : throw new ConfigurationException(string.Join("; ", problems));
    }

    /// <summary>The level for a codec, null for the codec's default.</summary>
    public int? LevelOf(CompressionType codec) => codec switch
    {
        CompressionType.Gzip => GzipLevel < 0 ? null : GzipLevel,
        CompressionType.Lz4 => Lz4Level,
        CompressionType.Zstd => ZstdLevel,
        _ => null,
    };
}
