using System.Globalization;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Configuration;

/// <summary>
/// The table of topic settings. Names, types and defaults are Kafka's; those without a use here are accepted and reported.
/// </summary>
public static class LogConfigKeys
{
    private static readonly Dictionary<string, LogConfigKey> ByName = [];

    /// <summary>All settings, by name.</summary>
    public static IReadOnlyList<LogConfigKey> All { get; } = Build();

    /// <summary>The setting of the name, or null.</summary>
    public static LogConfigKey? Find(string name) => ByName.GetValueOrDefault(name);

    private static List<LogConfigKey> Build()
    {
        List<LogConfigKey> keys =
        [
            .. Cleanup(), .. Compression(), .. Messages(), .. Segments(), .. Flushing(), .. Compaction(), .. Unused(),
        ];
        keys.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var key in keys)
        {
            ByName.Add(key.Name, key);
        }

        return keys;
    }

    private static IEnumerable<LogConfigKey> Cleanup() =>
    [
        new(
            "cleanup.policy",
            "log.cleanup.policy",
            LogConfigType.List,
            "What happens to old records: delete, compact, or both.",
            "delete",
            CheckPolicy,
            ApplyPolicy,
            ReadPolicy),
        Int64(
            "retention.ms",
            "log.retention.ms",
            "How long records are kept (ms); -1 for ever.",
            -1,
            (c, v) => c with { RetentionMs = v },
            c => c.RetentionMs),
        Int64(
            "retention.bytes",
            "log.retention.bytes",
            "The most bytes of a partition; -1 for no limit.",
            -1,
            (c, v) => c with { RetentionBytes = v },
            c => c.RetentionBytes),
        Int64(
            "delete.retention.ms",
            "log.cleaner.delete.retention.ms",
            "How long tombstones stay in a compacted log (ms).",
            0,
            (c, v) => c with { DeleteRetentionMs = v },
            c => c.DeleteRetentionMs),
        Int64(
            "file.delete.delay.ms",
            "log.segment.delete.delay.ms",
            "How long files of removed segments stay (ms).",
            0,
            (c, v) => c with { FileDeleteDelayMs = v },
            c => c.FileDeleteDelayMs),
    ];

    private static IEnumerable<LogConfigKey> Compression() =>
    [
        new(
            "compression.type",
            "compression.type",
            LogConfigType.String,
            "The codec that batches are stored with.",
            "producer",
            CheckCodec,
            ApplyCodec,
            ReadCodec),
        Int32(
            "compression.gzip.level",
            "compression.gzip.level",
            "Level of gzip, -1 for its default.",
            -1,
            9,
            (c, v) => c with { GzipLevel = v },
            c => c.GzipLevel),
        Int32("compression.lz4.level", "compression.lz4.level", "Level of lz4.", 1, 17, (c, v) => c with { Lz4Level = v }, c => c.Lz4Level),
        Int32(
            "compression.zstd.level",
            "compression.zstd.level",
            "Level of zstd.",
            -131072,
            22,
            (c, v) => c with { ZstdLevel = v },
            c => c.ZstdLevel),
    ];

    private static IEnumerable<LogConfigKey> Messages() =>
    [
        Int32(
            "max.message.bytes",
            "message.max.bytes",
            "The largest batch (bytes).",
            0,
            int.MaxValue,
            (c, v) => c with { MaxMessageBytes = v },
            c => c.MaxMessageBytes),
        new(
            "message.timestamp.type",
            "log.message.timestamp.type",
            LogConfigType.String,
            "Whose time a record bears.",
            "CreateTime",
            CheckTimestampType,
            ApplyTimestampType,
            c => c.TimestampType.ToString()),
        Int64(
            "message.timestamp.before.max.ms",
            "log.message.timestamp.before.max.ms",
            "How far a timestamp may lie in the past (ms).",
            0,
            (c, v) => c with { TimestampBeforeMaxMs = v },
            c => c.TimestampBeforeMaxMs),
        Int64(
            "message.timestamp.after.max.ms",
            "log.message.timestamp.after.max.ms",
            "How far a timestamp may lie in the future (ms).",
            0,
            (c, v) => c with { TimestampAfterMaxMs = v },
            c => c.TimestampAfterMaxMs),
        Int32(
            "min.insync.replicas",
            "min.insync.replicas",
            "Replicas that must have a record before acks=all is answered.",
            1,
            int.MaxValue,
            (c, v) => c with { MinInsyncReplicas = v },
            c => c.MinInsyncReplicas),
    ];

    private static IEnumerable<LogConfigKey> Segments() =>
    [
        Int32(
            "segment.bytes",
            "log.segment.bytes",
            "Size at which a new segment begins (bytes).",
            1 << 10,
            int.MaxValue,
            (c, v) => c with { SegmentBytes = v },
            c => c.SegmentBytes),
        new(
            "preallocate",
            "log.preallocate",
            LogConfigType.Boolean,
            "Whether a new segment sets segment.bytes aside on the disk; what is left over goes back when it is rolled or closed.",
            "false",
            CheckBoolean,
            (c, v) => c with { Preallocate = bool.Parse(v) },
            c => c.Preallocate ? "true" : "false"),
        Int64(
            "segment.ms",
            "log.roll.ms",
            "Age at which a new segment begins (ms).",
            1,
            (c, v) => c with { SegmentMs = v },
            c => c.SegmentMs),
        Int64(
            "segment.jitter.ms",
            "log.roll.jitter.ms",
            "The most by which segment.ms is shortened (ms).",
            0,
            (c, v) => c with { SegmentJitterMs = v },
            c => c.SegmentJitterMs),
        Int32(
            "segment.index.bytes",
            "log.index.size.max.bytes",
            "The most bytes of an index file.",
            64,
            int.MaxValue,
            (c, v) => c with { SegmentIndexBytes = v },
            c => c.SegmentIndexBytes),
        Int32(
            "index.interval.bytes",
            "log.index.interval.bytes",
            "Bytes of log between index entries.",
            0,
            int.MaxValue,
            (c, v) => c with { IndexIntervalBytes = v },
            c => c.IndexIntervalBytes),
    ];

    private static IEnumerable<LogConfigKey> Flushing() =>
    [
        Int64(
            "flush.messages",
            "log.flush.interval.messages",
            "Records after which a flush is due.",
            1,
            (c, v) => c with { FlushMessages = v },
            c => c.FlushMessages),
        Int64(
            "flush.ms",
            "log.flush.interval.ms",
            "Time after which a flush is due (ms).",
            0,
            (c, v) => c with { FlushMs = v },
            c => c.FlushMs),
    ];

    private static IEnumerable<LogConfigKey> Compaction() =>
    [
        new(
            "min.cleanable.dirty.ratio",
            "log.cleaner.min.cleanable.ratio",
            LogConfigType.Double,
            "Share of dirty bytes at which compaction begins.",
            "0.5",
            CheckRatio,
            (c, v) => c with { MinCleanableDirtyRatio = double.Parse(v, CultureInfo.InvariantCulture) },
            c => LogConfigKey.Text(c.MinCleanableDirtyRatio)),
        Int64(
            "min.compaction.lag.ms",
            "log.cleaner.min.compaction.lag.ms",
            "How long a record stays uncompacted at least (ms).",
            0,
            (c, v) => c with { MinCompactionLagMs = v },
            c => c.MinCompactionLagMs),
        Int64(
            "max.compaction.lag.ms",
            "log.cleaner.max.compaction.lag.ms",
            "When a record is compacted at the latest (ms).",
            1,
            (c, v) => c with { MaxCompactionLagMs = v },
            c => c.MaxCompactionLagMs),
    ];

    /// <summary>Settings that clients send and read back, and that say nothing to a log without tiers and followers.</summary>
    private static IEnumerable<LogConfigKey> Unused() =>
    [
        new(
            "unclean.leader.election.enable",
            "unclean.leader.election.enable",
            LogConfigType.Boolean,
            "Accepted; there is one replica.",
            "false",
            CheckBoolean),
        new("remote.storage.enable", "", LogConfigType.Boolean, "Accepted; there is no remote storage.", "false", CheckBoolean),
        new("remote.log.copy.disable", "", LogConfigType.Boolean, "Accepted; there is no remote storage.", "false", CheckBoolean),
        new("remote.log.delete.on.disable", "", LogConfigType.Boolean, "Accepted; there is no remote storage.", "false", CheckBoolean),
        new(
            "local.retention.bytes",
            "log.local.retention.bytes",
            LogConfigType.Int64,
            "Accepted; there is no remote storage.",
            "-2",
            v => CheckInt64(v, -2)),
        new(
            "local.retention.ms",
            "log.local.retention.ms",
            LogConfigType.Int64,
            "Accepted; there is no remote storage.",
            "-2",
            v => CheckInt64(v, -2)),
        new("leader.replication.throttled.replicas", "", LogConfigType.List, "Accepted; there is one replica.", "", _ => null),
        new("follower.replication.throttled.replicas", "", LogConfigType.List, "Accepted; there is one replica.", "", _ => null),
    ];

    private static LogConfigKey Int64(
        string name, string brokerName, string description, long min, Func<LogConfig, long, LogConfig> apply, Func<LogConfig, long> read) =>
        new(
            name,
            brokerName,
            LogConfigType.Int64,
            description,
            "",
            v => CheckInt64(v, min),
            (c, v) => apply(c, long.Parse(v, CultureInfo.InvariantCulture)),
            c => LogConfigKey.Text(read(c)));

    private static LogConfigKey Int32(
        string name,
        string brokerName,
        string description,
        int min,
        int max,
        Func<LogConfig,
        int,
        LogConfig> apply,
        Func<LogConfig,
        int> read) =>
        new(
            name,
            brokerName,
            LogConfigType.Int32,
            description,
            "",
            v => CheckInt32(v, min, max),
            (c, v) => apply(c, int.Parse(v, CultureInfo.InvariantCulture)),
            c => LogConfigKey.Text(read(c)));

    private static string? CheckInt64(string value, long min) =>
        long.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= min ? null : $"a number from {min} is wanted";

    private static string? CheckInt32(string value, int min, int max) =>
        int.TryParse(
            value,
            CultureInfo.InvariantCulture,
            out var number) && number >= min && number <= max ? null : $"a number from {min} to {max} is wanted";

    private static string? CheckRatio(string value) =>
        double.TryParse(
            value, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? null : "a number from 0 to 1 is wanted";

    private static string? CheckBoolean(string value) => bool.TryParse(value, out _) ? null : "true or false is wanted";

    private static string? CheckPolicy(string value) =>
        value.Length == 0 || Array.TrueForAll(Words(value), w => w is "delete" or "compact") ? null : "delete, compact or both are wanted";

    private static LogConfig ApplyPolicy(LogConfig config, string value) =>
        config with { IsDeleted = Words(value).Contains("delete"), IsCompacted = Words(value).Contains("compact") };

    private static string ReadPolicy(LogConfig config) => (config.IsDeleted, config.IsCompacted) switch
    {
        (true, true) => "delete,compact",
        (false, true) => "compact",
        (true, false) => "delete",
        _ => "",
    };

    private static string[] Words(string value) => value.Split(',', StringSplitOptions.TrimEntries);

    private static string? CheckCodec(string value) =>
        value is "producer" or "uncompressed" or "gzip" or "snappy" or "lz4" or "zstd"
            ? null
            : "producer, uncompressed, gzip, snappy, lz4 or zstd is wanted";

    private static LogConfig ApplyCodec(LogConfig config, string value) => config with
    {
        Compression = value switch
        {
            "producer" => null,
            "uncompressed" => CompressionType.None,
            _ => Enum.Parse<CompressionType>(value, ignoreCase: true),
        },
    };

    private static string ReadCodec(LogConfig config) => config.Compression switch
    {
        null => "producer",
        CompressionType.None => "uncompressed",
        CompressionType.Gzip => "gzip",
        CompressionType.Snappy => "snappy",
        CompressionType.Lz4 => "lz4",
        _ => "zstd",
    };

    private static string? CheckTimestampType(string value) =>
        value is "CreateTime" or "LogAppendTime" ? null : "CreateTime or LogAppendTime is wanted";

    private static LogConfig ApplyTimestampType(LogConfig config, string value) =>
        config with { TimestampType = Enum.Parse<TimestampType>(value) };
}
