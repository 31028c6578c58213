using System.Collections.Frozen;

namespace StreamFlow.Broker.Configuration;

/// <summary>Every topic setting. Names, defaults and limits are Kafka's.</summary>
internal static class TopicConfigTable
{
    private static readonly TopicConfigDefinition[] Definitions =
    [
        new("cleanup.policy", ConfigType.List, "delete", "log.cleanup.policy", Allowed: ["delete", "compact"]),
        new("compression.gzip.level", ConfigType.Int, "-1", "compression.gzip.level", -1),
        new("compression.lz4.level", ConfigType.Int, "9", "compression.lz4.level", 1),
        new("compression.type", ConfigType.String, "producer", "compression.type", Allowed: ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]),
        new("compression.zstd.level", ConfigType.Int, "3", "compression.zstd.level", -131072),
        new("delete.retention.ms", ConfigType.Long, "86400000", "log.cleaner.delete.retention.ms", 0),
        new("file.delete.delay.ms", ConfigType.Long, "60000", "log.segment.delete.delay.ms", 0),
        new("flush.messages", ConfigType.Long, "9223372036854775807", "log.flush.interval.messages", 1),
        new("flush.ms", ConfigType.Long, "9223372036854775807", "log.flush.interval.ms", 0),
        new("follower.replication.throttled.replicas", ConfigType.List, "", null),
        new("index.interval.bytes", ConfigType.Int, "4096", "log.index.interval.bytes", 0),
        new("leader.replication.throttled.replicas", ConfigType.List, "", null),
        new("local.retention.bytes", ConfigType.Long, "-2", "log.local.retention.bytes", -2),
        new("local.retention.ms", ConfigType.Long, "-2", "log.local.retention.ms", -2),
        new("max.compaction.lag.ms", ConfigType.Long, "9223372036854775807", "log.cleaner.max.compaction.lag.ms", 1),
        new("max.message.bytes", ConfigType.Int, "1048588", "message.max.bytes", 0),
        new("message.timestamp.after.max.ms", ConfigType.Long, "3600000", "log.message.timestamp.after.max.ms", 0),
        new("message.timestamp.before.max.ms", ConfigType.Long, "9223372036854775807", "log.message.timestamp.before.max.ms", 0),
        new("message.timestamp.type", ConfigType.String, "CreateTime", "log.message.timestamp.type", Allowed: ["CreateTime", "LogAppendTime"]),
        new("min.cleanable.dirty.ratio", ConfigType.Double, "0.5", "log.cleaner.min.cleanable.ratio", 0),
        new("min.compaction.lag.ms", ConfigType.Long, "0", "log.cleaner.min.compaction.lag.ms", 0),
        new("min.insync.replicas", ConfigType.Int, "1", "min.insync.replicas", 1),
        new("preallocate", ConfigType.Boolean, "false", "log.preallocate"),
        new("remote.log.copy.disable", ConfigType.Boolean, "false", null),
        new("remote.log.delete.on.disable", ConfigType.Boolean, "false", null),
        new("remote.storage.enable", ConfigType.Boolean, "false", null),
        new("retention.bytes", ConfigType.Long, "-1", "log.retention.bytes", -1),
        new("retention.ms", ConfigType.Long, "604800000", "log.retention.ms", -1),
        new("segment.bytes", ConfigType.Int, "1073741824", "log.segment.bytes", 14),
        new("segment.index.bytes", ConfigType.Int, "10485760", "log.index.size.max.bytes", 4),
        new("segment.jitter.ms", ConfigType.Long, "0", "log.roll.jitter.ms", 0),
        new("segment.ms", ConfigType.Long, "604800000", "log.roll.ms", 1),
        new("unclean.leader.election.enable", ConfigType.Boolean, "false", "unclean.leader.election.enable"),
    ];

    private static readonly FrozenDictionary<string, TopicConfigDefinition> ByName =
        Definitions.ToFrozenDictionary(d => d.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, TopicConfigDefinition> ByBrokerName =
        Definitions.Where(d => d.BrokerName is not null).ToFrozenDictionary(d => d.BrokerName!, StringComparer.Ordinal);

    public static IReadOnlyList<TopicConfigDefinition> All => Definitions;

    /// <summary>The definition under the topic's name for it, or null.</summary>
    public static TopicConfigDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The definition under the topic's or the broker's name for it, or null.</summary>
    public static TopicConfigDefinition? ByAnyName(string name) => ByName.GetValueOrDefault(name) ?? ByBrokerName.GetValueOrDefault(name);
}
