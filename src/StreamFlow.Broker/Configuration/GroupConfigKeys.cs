using System.Globalization;
using System.Xml;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>
/// The settings that single groups can have (resource type GROUP of the config APIs). Names, defaults and bounds are those of Kafka 4.3;
/// those of share groups are kept and shown, and say nothing to other groups.
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

    private const string SessionText = "Without a sign of life for this long a member is out (ms).";
    private const string HeartbeatText = "How often members send heartbeats (ms).";
    private const string AssignmentText = "The group is not assigned anew more often than this (ms).";
    private const string DurationPrefix = "by_duration:";

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
            "share.session.timeout.ms", "group.share.session.timeout.ms", SessionText, 45_000, 45_000, 60_000),
        GroupConfigKey.Number(
            "share.heartbeat.interval.ms", "group.share.heartbeat.interval.ms", HeartbeatText, 5000, 5000, 15_000),
        GroupConfigKey.Number("share.assignment.interval.ms", "group.share.assignment.interval.ms", AssignmentText, 1000, 0, 15_000),
        GroupConfigKey.Number(
            "share.record.lock.duration.ms", "group.share.record.lock.duration.ms", "How long a record stays with a consumer (ms).",
            30_000, 15_000, 60_000),
        GroupConfigKey.Number(
            "share.delivery.count.limit", "group.share.delivery.count.limit", "How often a record is delivered at most.", 5, 2, 10),
        GroupConfigKey.Number(
            "share.partition.max.record.locks", "group.share.partition.max.record.locks",
            "The most records of a partition that are with consumers.", 2000, 100, 4000),
        new(
            "share.auto.offset.reset", "share.auto.offset.reset", LogConfigType.String,
            "Where a new group begins: latest, earliest or by_duration:PnDTnHnMn.nS.", "latest", (v, _) => WhyNoReset(v)),
        new(
            "share.isolation.level", "share.isolation.level", LogConfigType.String, "Whether records of open transactions are delivered.",
            "read_uncommitted",
            (v, _) => v is "read_committed" or "read_uncommitted" ? null : "read_committed or read_uncommitted is wanted"),
        new(
            "share.renew.acknowledge.enable", "share.renew.acknowledge.enable", LogConfigType.Boolean,
            "Whether consumers may prolong their hold on a record.", "true",
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

    private static string? WhyNoReset(string value)
    {
        const string Wanted = "latest, earliest or by_duration:PnDTnHnMn.nS is wanted";
        if (value is "latest" or "earliest")
        {
            return null;
        }

        if (!value.StartsWith(DurationPrefix, StringComparison.Ordinal))
        {
            return Wanted;
        }

        try
        {
            return XmlConvert.ToTimeSpan(value[DurationPrefix.Length..]) >= TimeSpan.Zero ? null : Wanted;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return Wanted;
        }
    }
}
