using System.Globalization;
using StreamFlow.Broker.Sharing;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>
/// The settings that single groups can have (resource type GROUP of the config APIs). Names, defaults and bounds are those of Kafka 4.3.
/// </summary>
internal static class GroupConfigKeys
{
    /// <summary>Without a sign of life for this long a member of a KIP-848 group is out (ms).</summary>
    public const string ConsumerSessionTimeout = "consumer.session.timeout.ms";

    /// <summary>How often members of a KIP-848 group send heartbeats (ms).</summary>
    public const string ConsumerHeartbeatInterval = "consumer.heartbeat.interval.ms";

    /// <summary>A KIP-848 group is not assigned anew more often than this (ms).</summary>
    public const string ConsumerAssignmentInterval = "consumer.assignment.interval.ms";

    /// <summary>Without a sign of life for this long a member of a streams group is out (ms).</summary>
    public const string StreamsSessionTimeout = "streams.session.timeout.ms";

    /// <summary>How often members of a streams group send heartbeats (ms).</summary>
    public const string StreamsHeartbeatInterval = "streams.heartbeat.interval.ms";

    /// <summary>A streams group is not assigned anew more often than this (ms).</summary>
    public const string StreamsAssignmentInterval = "streams.assignment.interval.ms";

    /// <summary>How long the first assignment of a streams group waits for more members (ms).</summary>
    public const string StreamsInitialRebalanceDelay = "streams.initial.rebalance.delay.ms";

    /// <summary>How many copies of each state a streams group keeps.</summary>
    public const string StreamsStandbyReplicas = "streams.num.standby.replicas";

    /// <summary>Without a sign of life for this long a member of a share group is out (ms).</summary>
    public const string ShareSessionTimeout = "share.session.timeout.ms";

    /// <summary>How often members of a share group send heartbeats (ms).</summary>
    public const string ShareHeartbeatInterval = "share.heartbeat.interval.ms";

    /// <summary>A share group is not assigned anew more often than this (ms).</summary>
    public const string ShareAssignmentInterval = "share.assignment.interval.ms";

    /// <summary>How long a record stays with a member (ms).</summary>
    public const string ShareRecordLockDuration = "share.record.lock.duration.ms";

    /// <summary>How often a record is handed out at most.</summary>
    public const string ShareDeliveryCountLimit = "share.delivery.count.limit";

    /// <summary>The most records of a partition that are under way.</summary>
    public const string SharePartitionMaxRecordLocks = "share.partition.max.record.locks";

    /// <summary>Where a share group begins.</summary>
    public const string ShareAutoOffsetReset = "share.auto.offset.reset";

    /// <summary>Whether a share group sees records of open and aborted transactions.</summary>
    public const string ShareIsolationLevel = "share.isolation.level";

    /// <summary>Whether members may prolong their hold on a record.</summary>
    public const string ShareRenewal = "share.renew.acknowledge.enable";

    /// <summary>The isolation level that leaves such records out.</summary>
    public const string ReadCommitted = "read_committed";

    private const string SessionText = "Without a sign of life for this long a member is out (ms).";
    private const string HeartbeatText = "How often members send heartbeats (ms).";
    private const string AssignmentText = "The group is not assigned anew more often than this (ms).";

    /// <summary>Every setting, by name.</summary>
    public static IReadOnlyList<GroupConfigKey> All { get; } =
        [.. Consumer().Concat(Share()).Concat(Streams()).OrderBy(k => k.Name, StringComparer.Ordinal)];

    /// <summary>The setting of the name, or null.</summary>
    public static GroupConfigKey? Find(string name) => All.FirstOrDefault(k => k.Name == name);

    /// <summary>What is wrong with the settings that a group is to have; null when nothing is.</summary>
    public static string? WhyUnusable(IReadOnlyDictionary<string, string> configs, BrokerOptions options)
    {
        foreach (var (name, value) in configs)
        {
            if (Find(name) is not { } key)
            {
                return $"'{name}' is not a setting of groups; there are {string.Join(", ", All.Select(k => k.Name))}.";
            }

            if (key.WhyUnusable(value, options) is { } wanted)
            {
                return $"{name}={value}: {wanted}.";
            }
        }

        foreach (var kind in (ReadOnlySpan<string>)["consumer", "share", "streams"])
        {
            var session = ValueOf($"{kind}.session.timeout.ms", configs, options);
            var heartbeat = ValueOf($"{kind}.heartbeat.interval.ms", configs, options);
            if (session <= heartbeat)
            {
                return $"{kind}.session.timeout.ms={session} has to be more than {kind}.heartbeat.interval.ms={heartbeat}.";
            }
        }

        return null;
    }

    private static int ValueOf(string name, IReadOnlyDictionary<string, string> configs, BrokerOptions options) => int.Parse(
        configs.TryGetValue(name, out var own) ? own : Find(name)!.ForAllGroups(options), CultureInfo.InvariantCulture);

    private static IEnumerable<GroupConfigKey> Consumer() =>
    [
        GroupConfigKey.Number(
            ConsumerSessionTimeout, "group.consumer.session.timeout.ms", SessionText, o => o.GroupConsumerSessionTimeoutMs,
            o => (o.GroupConsumerMinSessionTimeoutMs, o.GroupConsumerMaxSessionTimeoutMs)),
        GroupConfigKey.Number(
            ConsumerHeartbeatInterval, "group.consumer.heartbeat.interval.ms", HeartbeatText, o => o.GroupConsumerHeartbeatIntervalMs,
            o => (o.GroupConsumerMinHeartbeatIntervalMs, o.GroupConsumerMaxHeartbeatIntervalMs)),
        GroupConfigKey.Number(
            ConsumerAssignmentInterval, "group.consumer.assignment.interval.ms", AssignmentText,
            o => o.GroupConsumerAssignmentIntervalMs,
            o => (o.GroupConsumerMinAssignmentIntervalMs, o.GroupConsumerMaxAssignmentIntervalMs)),
    ];

    private static IEnumerable<GroupConfigKey> Share() =>
    [
        GroupConfigKey.Number(
            ShareSessionTimeout, "group.share.session.timeout.ms", SessionText, o => o.GroupShareSessionTimeoutMs,
            o => (o.GroupShareMinSessionTimeoutMs, o.GroupShareMaxSessionTimeoutMs)),
        GroupConfigKey.Number(
            ShareHeartbeatInterval, "group.share.heartbeat.interval.ms", HeartbeatText, o => o.GroupShareHeartbeatIntervalMs,
            o => (o.GroupShareMinHeartbeatIntervalMs, o.GroupShareMaxHeartbeatIntervalMs)),
        GroupConfigKey.Number(
            ShareAssignmentInterval, "group.share.assignment.interval.ms", AssignmentText, o => o.GroupShareAssignmentIntervalMs,
            o => (o.GroupShareMinAssignmentIntervalMs, o.GroupShareMaxAssignmentIntervalMs)),
        GroupConfigKey.Number(
            ShareRecordLockDuration, "group.share.record.lock.duration.ms", "How long a record stays with a consumer (ms).",
            o => o.GroupShareRecordLockDurationMs, o => (o.GroupShareMinRecordLockDurationMs, o.GroupShareMaxRecordLockDurationMs)),
        GroupConfigKey.Number(
            ShareDeliveryCountLimit, "group.share.delivery.count.limit", "How often a record is delivered at most.",
            o => o.GroupShareDeliveryCountLimit, o => (o.GroupShareMinDeliveryCountLimit, o.GroupShareMaxDeliveryCountLimit)),
        GroupConfigKey.Number(
            SharePartitionMaxRecordLocks, "group.share.partition.max.record.locks",
            "The most records of a partition that are with consumers.", o => o.GroupSharePartitionMaxRecordLocks,
            o => (o.GroupShareMinPartitionMaxRecordLocks, o.GroupShareMaxPartitionMaxRecordLocks)),
        new(
            ShareAutoOffsetReset, ShareAutoOffsetReset, LogConfigType.String,
            "Where a new group begins: latest, earliest or by_duration:PnDTnHnMn.nS.", "latest",
            (v, _) => ShareOffsetReset.TryParse(v, out var _) ? null : "latest, earliest or by_duration:PnDTnHnMn.nS is wanted"),
        new(
            ShareIsolationLevel, ShareIsolationLevel, LogConfigType.String, "Whether records of open transactions are delivered.",
            "read_uncommitted",
            (v, _) => v is ReadCommitted or "read_uncommitted" ? null : "read_committed or read_uncommitted is wanted"),
        new(
            ShareRenewal, ShareRenewal, LogConfigType.Boolean, "Whether consumers may prolong their hold on a record.", "true",
            (v, _) => bool.TryParse(v, out var _) ? null : "true or false is wanted"),
    ];

    private static IEnumerable<GroupConfigKey> Streams() =>
    [
        GroupConfigKey.Number(
            StreamsSessionTimeout, "group.streams.session.timeout.ms", SessionText, o => o.GroupStreamsSessionTimeoutMs,
            o => (o.GroupStreamsMinSessionTimeoutMs, o.GroupStreamsMaxSessionTimeoutMs)),
        GroupConfigKey.Number(
            StreamsHeartbeatInterval, "group.streams.heartbeat.interval.ms", HeartbeatText, o => o.GroupStreamsHeartbeatIntervalMs,
            o => (o.GroupStreamsMinHeartbeatIntervalMs, o.GroupStreamsMaxHeartbeatIntervalMs)),
        GroupConfigKey.Number(
            StreamsAssignmentInterval, "group.streams.assignment.interval.ms", AssignmentText, o => o.GroupStreamsAssignmentIntervalMs,
            o => (o.GroupStreamsMinAssignmentIntervalMs, o.GroupStreamsMaxAssignmentIntervalMs)),
        GroupConfigKey.Number(
            StreamsInitialRebalanceDelay, "group.streams.initial.rebalance.delay.ms",
            "How long the first assignment waits for more members (ms).", o => o.GroupStreamsInitialRebalanceDelayMs,
            _ => (0, int.MaxValue)),
        GroupConfigKey.Number(
            StreamsStandbyReplicas, "group.streams.num.standby.replicas", "Standby copies of each task.",
            o => o.GroupStreamsNumStandbyReplicas, o => (0, o.GroupStreamsMaxStandbyReplicas)),
    ];
}
