using StreamFlow.Protocol.Messages;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>Settings, reassignments, elections and the rest of administration, rightly and wrongly.</summary>
internal static class AdminExchanges
{
    private const sbyte Topic = 2;
    private const sbyte Broker = 4;
    private const sbyte Logger = 8;
    private const sbyte Metrics = 16;
    private const sbyte Group = 32;

    public static IEnumerable<Exchange> All() =>
    [
        new("topic to configure", 7, () => new CreateTopicsRequest
        {
            Topics = [new() { Name = "conf", NumPartitions = 2, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = "5000" }] }],
        }),
        .. Alter(), .. Incremental(), .. Describe(), .. Groups(), .. Resources(), .. Cluster(), .. Directories(),
    ];

    private static IEnumerable<Exchange> Describe() =>
    [
        Describe("describe topic", Topic, "conf", 4),
        Describe("describe topic v1", Topic, "conf", 1),
        Describe("describe unknown topic", Topic, "nowhere", 4),
        Describe("describe bad topic name", Topic, "a b", 4),
        Describe("describe empty topic name", Topic, "", 4),
        Describe("describe one", Topic, "conf", 4, "retention.ms"),
        Describe("describe one that is not there", Topic, "conf", 4, "no.such"),
        Describe("describe none of them", Topic, "conf", 4, keys: []),
        Describe("describe another broker", Broker, "9", 4),
        Describe("describe broker by a word", Broker, "one", 4),
        Describe("describe all brokers", Broker, "", 4),
        Describe("describe a setting of the broker", Broker, "1", 4, "log.retention.ms", "num.partitions", "message.max.bytes"),
        Describe(
            "describe the names of times", Broker, "1", 4, "log.retention.minutes", "log.retention.hours", "log.roll.ms", "log.roll.hours",
            "log.roll.jitter.ms", "log.roll.jitter.hours", "log.flush.interval.ms", "log.flush.scheduler.interval.ms"),
        Describe("describe resource type 0", 0, "x", 4),
        Describe("describe resource type 99", 99, "x", 4),
        Describe("describe metrics", Metrics, "m", 4),
        Describe("describe unknown metrics", Metrics, "nobody", 4),
        Describe("describe metrics without a name", Metrics, "", 4),
    ];

    private static IEnumerable<Exchange> Alter() =>
    [
        Replace("replace", Topic, "conf", ("retention.ms", "6000"), ("cleanup.policy", "delete")),
        Replace("replace unknown topic", Topic, "nowhere", ("retention.ms", "6000")),
        Replace("replace unknown setting", Topic, "conf", ("no.such", "1")),
        Replace("replace bad value", Topic, "conf", ("retention.ms", "soon")),
        Replace("replace null", Topic, "conf", ("retention.ms", null)),
        Replace("replace twice", Topic, "conf", ("retention.ms", "1"), ("retention.ms", "2")),
        Replace("replace resource type 99", 99, "x", ("a", "1")),
    ];

    private static IEnumerable<Exchange> Incremental() =>
    [
        Change("set", Topic, "conf", (0, "retention.ms", "7000")),
        Change("set bad value", Topic, "conf", (0, "retention.ms", "soon")),
        Change("set out of range", Topic, "conf", (0, "retention.ms", "-2")),
        Change("set bad boolean", Topic, "conf", (0, "preallocate", "perhaps")),
        Change("set bad ratio", Topic, "conf", (0, "min.cleanable.dirty.ratio", "1.5")),
        Change("set bad codec", Topic, "conf", (0, "compression.type", "zip")),
        Change("set bad level", Topic, "conf", (0, "compression.zstd.level", "99")),
        Change("set local retention above retention", Topic, "conf", (0, "local.retention.ms", "999999999999")),
        Change("set min lag above max lag", Topic, "conf", (0, "min.compaction.lag.ms", "10"), (0, "max.compaction.lag.ms", "5")),
        Change("set null", Topic, "conf", (0, "retention.ms", null)),
        Change("set unknown", Topic, "conf", (0, "no.such", "1")),
        Change("set empty name", Topic, "conf", (0, "", "1")),
        Change("set of unknown topic", Topic, "nowhere", (0, "retention.ms", "1")),
        Change("set of bad topic name", Topic, "a b", (0, "retention.ms", "1")),
        Change("set of empty topic name", Topic, "", (0, "retention.ms", "1")),
        Change("set none", Topic, "conf"),
        Change("append", Topic, "conf", (2, "cleanup.policy", "compact")),
        Change("append again", Topic, "conf", (2, "cleanup.policy", "compact")),
        Change("subtract", Topic, "conf", (3, "cleanup.policy", "compact")),
        Change("subtract what is not there", Topic, "conf", (3, "cleanup.policy", "compact")),
        Change("append to no list", Topic, "conf", (2, "retention.ms", "1")),
        Change("append null", Topic, "conf", (2, "cleanup.policy", null)),
        Change("operation 9", Topic, "conf", (9, "retention.ms", "1")),
        Change("delete", Topic, "conf", (1, "cleanup.policy", null)),
        Change("delete what is not set", Topic, "conf", (1, "flush.ms", null)),
        Change("delete unknown", Topic, "conf", (1, "no.such", null)),
        Change("same twice", Topic, "conf", (0, "retention.ms", "1"), (1, "retention.ms", null)),
        Change("broker default", Broker, "", (0, "log.retention.ms", "100000000")),
        Change("broker itself", Broker, "1", (0, "log.cleaner.delete.retention.ms", "77777")),
        Change("broker unknown setting", Broker, "1", (0, "no.such", "1")),
        Change("broker fixed setting", Broker, "1", (0, "node.id", "5")),
        Change("broker bad value", Broker, "1", (0, "log.retention.ms", "soon")),
        Change("broker unknown", Broker, "9", (0, "log.retention.ms", "1")),
        Change("broker by a word", Broker, "one", (0, "log.retention.ms", "1")),
        Change("resource type 0", 0, "x", (0, "a", "1")),
        Change("resource type 99", 99, "x", (0, "a", "1")),
        Change("logger unknown", Logger, "1", (0, "no.such.logger", "INFO")),
        Change("logger of another broker", Logger, "9", (0, "root", "INFO")),
        Change("metrics", Metrics, "m", (0, "interval.ms", "60000"), (0, "metrics", "org.apache.kafka."), (0, "match", "client_id=.*")),
        Change("metrics bad interval", Metrics, "m", (0, "interval.ms", "5")),
        Change("metrics bad match", Metrics, "m", (0, "match", "colour=blue")),
        Change("metrics bad pattern", Metrics, "m", (0, "match", "client_id=[")),
        Change("metrics unknown setting", Metrics, "m", (0, "no.such", "1")),
        Change("metrics without a name", Metrics, "", (0, "interval.ms", "60000")),
        new("same resource twice", 1, () => new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = Topic, ResourceName = "conf" }, new() { ResourceType = Topic, ResourceName = "conf" }],
        }),
        new("check only", 1, () => new IncrementalAlterConfigsRequest
        {
            ValidateOnly = true,
            Resources = [new() { ResourceType = Topic, ResourceName = "conf", Configs = [new() { Name = "retention.ms", Value = "1" }] }],
        }),
    ];

    private static IEnumerable<Exchange> Groups() =>
    [
        Describe("describe group", Group, "grp", 4),
        Describe("describe group without a name", Group, "", 4),
        Change("group", Group, "grp", (0, "consumer.session.timeout.ms", "50000"), (0, "share.auto.offset.reset", "earliest")),
        Describe("describe changed group", Group, "grp", 4),
        Change("group by a duration", Group, "grp", (0, "share.auto.offset.reset", "by_duration:PT2H")),
        Change("group by a bad duration", Group, "grp", (0, "share.auto.offset.reset", "by_duration:2H")),
        Change("group by a negative duration", Group, "grp", (0, "share.auto.offset.reset", "by_duration:-PT2H")),
        Change("group unknown setting", Group, "grp", (0, "no.such", "1")),
        Change("group bad value", Group, "grp", (0, "consumer.session.timeout.ms", "soon")),
        Change("group session too short", Group, "grp", (0, "consumer.session.timeout.ms", "1000")),
        Change("group session too long", Group, "grp", (0, "consumer.session.timeout.ms", "600000")),
        Change("group heartbeat too long", Group, "grp", (0, "consumer.heartbeat.interval.ms", "20000")),
        Change("group too many deliveries", Group, "grp", (0, "share.delivery.count.limit", "11")),
        Change("group isolation", Group, "grp", (0, "share.isolation.level", "read_committed")),
        Change("group bad isolation", Group, "grp", (0, "share.isolation.level", "serializable")),
        Change("group bad boolean", Group, "grp", (0, "share.renew.acknowledge.enable", "perhaps")),
        Change("group too many standbys", Group, "grp", (0, "streams.num.standby.replicas", "3")),
        Change("group append", Group, "grp", (2, "share.isolation.level", "read_committed")),
        Change("group null", Group, "grp", (0, "consumer.session.timeout.ms", null)),
        Change("group delete", Group, "grp", (1, "share.isolation.level", null)),
        Change("group delete unknown", Group, "grp", (1, "no.such", null)),
        Change("group without a name", Group, "", (0, "consumer.session.timeout.ms", "50000")),
        Replace("replace group", Group, "grp2", ("consumer.heartbeat.interval.ms", "6000")),
        Replace("replace group badly", Group, "grp2", ("consumer.heartbeat.interval.ms", "6")),
        Replace("replace group without a name", Group, "", ("consumer.heartbeat.interval.ms", "6000")),
        new("list groups with settings", 1, () => new ListConfigResourcesRequest { ResourceTypes = [Group] }),
        Replace("replace group with nothing", Group, "grp2"),
        new("list groups with settings left", 1, () => new ListConfigResourcesRequest { ResourceTypes = [Group] }),
    ];

    private static IEnumerable<Exchange> Resources() =>
    [
        new("list metrics", 0, () => new ListConfigResourcesRequest()),
        new("list metrics v1", 1, () => new ListConfigResourcesRequest { ResourceTypes = [Metrics] }),
        new("list brokers", 1, () => new ListConfigResourcesRequest { ResourceTypes = [Broker, Logger] }),
        new("list resource type 0", 1, () => new ListConfigResourcesRequest { ResourceTypes = [0] }),
        new("list resource type 99", 1, () => new ListConfigResourcesRequest { ResourceTypes = [99] }),
    ];

    private static IEnumerable<Exchange> Cluster() =>
    [
        Elect("elect", 0, "conf", 0, 1),
        Elect("elect unclean", 1, "conf", 0),
        Elect("elect nowhere", 0, "nowhere", 0),
        Elect("elect partition 9", 0, "conf", 9),
        Elect("elect kind 5", 5, "conf", 0),
        new("elect all", 2, () => new ElectLeadersRequest { TopicPartitions = null, TimeoutMs = 10_000 }),
        Move("move to where it is", "conf", 0, 1),
        Move("move away", "conf", 0, 9),
        Move("move to nobody", "conf", 0),
        Move("move to the same twice", "conf", 0, 1, 1),
        Move("move to a negative broker", "conf", 0, -1),
        Move("move nowhere", "nowhere", 0, 1),
        Move("move partition 9", "conf", 9, 1),
        new("move cancelled", 1, () => new AlterPartitionReassignmentsRequest
        {
            Topics = [new() { Name = "conf", Partitions = [new() { Replicas = null }] }],
        }),
        new("moves", 0, () => new ListPartitionReassignmentsRequest()),
        new("moves of one", 0, () => new ListPartitionReassignmentsRequest { Topics = [new() { Name = "conf", PartitionIndexes = [0] }] }),
        new("moves of nowhere", 0, () => new ListPartitionReassignmentsRequest { Topics = [new() { Name = "nowhere", PartitionIndexes = [0] }] }),
        new("forget an unknown broker", 0, () => new UnregisterBrokerRequest { BrokerId = 77 }),
        new("forget a negative broker", 0, () => new UnregisterBrokerRequest { BrokerId = -1 }),
        Quorum("quorum of another topic", "conf", 0),
        Quorum("quorum partition 1", "__cluster_metadata", 1),
        Feature("feature unknown", "no.such", 1),
        Feature("feature too new", "metadata.version", 32000),
        Feature("feature negative", "metadata.version", -1),
        Feature("feature without a name", "", 1),
        Feature("feature kind 0", "metadata.version", 25, kind: 0),
        Feature("feature kind 9", "metadata.version", 25, kind: 9),
        Feature("feature group unknown version", "group.version", 99),
        new("features none", 2, () => new UpdateFeaturesRequest()),
        new("voter of another cluster", 1, () => new AddRaftVoterRequest { ClusterId = "other", VoterId = 5, Listeners = [] }),
        new("voter gone of another cluster", 0, () => new RemoveRaftVoterRequest { ClusterId = "other", VoterId = 5 }),
        new("metrics wanted", 0, () => new GetTelemetrySubscriptionsRequest()),
    ];

    private static IEnumerable<Exchange> Directories() =>
    [
        new("directories of a topic", 5, () => new DescribeLogDirsRequest { Topics = [new() { Topic = "conf", Partitions = [0, 1] }] }),
        new("directories v1", 1, () => new DescribeLogDirsRequest { Topics = [new() { Topic = "conf", Partitions = [0] }] }),
        new("directories of nowhere", 4, () => new DescribeLogDirsRequest { Topics = [new() { Topic = "nowhere", Partitions = [0] }] }),
        new("directories of none", 4, () => new DescribeLogDirsRequest { Topics = [] }),
        new("move to an unknown directory", 2, () => new AlterReplicaLogDirsRequest
        {
            Dirs = [new() { Path = "/no/such", Topics = [new() { Name = "conf", Partitions = [0, 9] }, new() { Name = "nowhere", Partitions = [0] }] }],
        }),
        new("move to no directory", 1, () => new AlterReplicaLogDirsRequest()),
    ];

    private static Exchange Describe(string name, sbyte type, string resource, short version, params string[]? keys) =>
        new(name, version, () => new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            IncludeDocumentation = version >= 3,
            Resources =
            [
                new()
                {
                    ResourceType = type,
                    ResourceName = resource,
                    ConfigurationKeys = keys is { Length: 0 } && name != "describe none of them" ? null : [.. keys ?? []],
                },
            ],
        });

    private static Exchange Replace(string name, sbyte type, string resource, params (string Name, string? Value)[] settings) =>
        new(name, 2, () => new AlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = type,
                    ResourceName = resource,
                    Configs = [.. settings.Select(s => new AlterConfigsRequest.AlterableConfig { Name = s.Name, Value = s.Value })],
                },
            ],
        });

    private static Exchange Change(string name, sbyte type, string resource, params (sbyte Kind, string Name, string? Value)[] changes) =>
        new(name, 1, () => new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = type,
                    ResourceName = resource,
                    Configs =
                    [
                        .. changes.Select(c => new IncrementalAlterConfigsRequest.AlterableConfig
                        {
                            ConfigOperation = c.Kind,
                            Name = c.Name,
                            Value = c.Value,
                        }),
                    ],
                },
            ],
        });

    private static Exchange Elect(string name, sbyte kind, string topic, params int[] partitions) => new(name, 2, () => new ElectLeadersRequest
    {
        ElectionType = kind,
        TopicPartitions = [new() { Topic = topic, Partitions = [.. partitions] }],
        TimeoutMs = 10_000,
    });

    private static Exchange Move(string name, string topic, int partition, params int[] replicas) =>
        new(name, 1, () => new AlterPartitionReassignmentsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Replicas = [.. replicas] }] }],
        });

    private static Exchange Quorum(string name, string topic, int partition) => new(name, 2, () => new DescribeQuorumRequest
    {
        Topics = [new() { TopicName = topic, Partitions = [new() { PartitionIndex = partition }] }],
    });

    private static Exchange Feature(string name, string feature, short level, sbyte kind = 1) => new(name, 2, () => new UpdateFeaturesRequest
    {
        TimeoutMs = 10_000,
        ValidateOnly = true,
        FeatureUpdates = [new() { Feature = feature, MaxVersionLevel = level, UpgradeType = kind }],
    });
}
