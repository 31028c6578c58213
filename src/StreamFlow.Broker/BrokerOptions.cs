using System.Collections.Immutable;
using StreamFlow.Broker.Configuration;

namespace StreamFlow.Broker;

/// <summary>
/// The settings of a broker, with Kafka's names and defaults; where a default differs, the property says why. Values only: clock, disk
/// and logger are given to <see cref="BrokerServer.StartAsync"/> in a <see cref="BrokerEnvironment"/>.
/// </summary>
public sealed record BrokerOptions
{
    /// <summary>The <see cref="DataDirectory"/> that keeps everything in memory.</summary>
    public const string Memory = "memory:";

    /// <summary>
    /// The directory that holds the logs; created when missing. One broker at a time holds it. <see cref="Memory"/> keeps everything in
    /// memory, and forgets it at the stop.
    /// </summary>
    [KafkaKey("log.dirs")]
    public string DataDirectory { get; init; } = "data";

    /// <summary>The id of this broker, from 0. Default 1.</summary>
    [KafkaKey("node.id")]
    public int NodeId { get; init; } = 1;

    /// <summary>
    /// Addresses to listen on, such as <c>127.0.0.1:9092</c> or <c>EXTERNAL://0.0.0.0:9093</c>; port 0 takes a free one. Without a name in
    /// front a listener is called PLAINTEXT. Empty: no socket is opened and the broker serves its own process only.
    /// </summary>
    [KafkaKey("listeners")]
    public ImmutableArray<string> Listeners { get; init; } = [];

    /// <summary>
    /// The addresses that clients of a listener are told to use, as <c>NAME://host:port</c>; a listener that is not named here tells
    /// where it listens.
    /// </summary>
    [KafkaKey("advertised.listeners")]
    public ImmutableArray<string> AdvertisedListeners { get; init; } = [];

    /// <summary>
    /// The security protocols of listener names, as <c>EXTERNAL:SASL_SSL</c>. The names of the protocols stand for themselves.
    /// </summary>
    [KafkaKey("listener.security.protocol.map")]
    public ImmutableArray<string> ListenerProtocols { get; init; } = [];

    /// <summary>How listeners encrypt and authenticate.</summary>
    public SecurityOptions Security { get; init; } = new();

    /// <summary>
    /// Settings of single listeners by what follows <c>listener.name.</c>, such as <c>external.ssl.client.auth</c>; names of listeners in
    /// lower case. Some values are secrets.
    /// </summary>
    public ImmutableDictionary<string, string> ListenerSettings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// The authorizer: a name ending in <c>StandardAuthorizer</c>, Kafka's own or its short form, or empty for none: everybody may do
    /// everything.
    /// </summary>
    [KafkaKey("authorizer.class.name")]
    public string AuthorizerName { get; init; } = "";

    /// <summary>Users that no ACL holds back, such as <c>User:admin</c>, separated by semicolons.</summary>
    [KafkaKey("super.users")]
    public string SuperUsers { get; init; } = "";

    /// <summary>Whether everybody may use what no ACL speaks of. Default false.</summary>
    [KafkaKey("allow.everyone.if.no.acl.found")]
    public bool AllowEveryoneIfNoAclFound { get; init; }

    /// <summary>What the passwords of delegation tokens are made with; null, the default, for no tokens.</summary>
    [KafkaKey("delegation.token.secret.key", IsSecret = true)]
    public string? DelegationTokenSecretKey { get; init; }

    /// <summary>A delegation token lives this long at most (ms). Default 7 days.</summary>
    [KafkaKey("delegation.token.max.lifetime.ms")]
    public long DelegationTokenMaxLifetimeMs { get; init; } = 604_800_000;

    /// <summary>A delegation token ends after this time unless it is renewed (ms). Default 1 day.</summary>
    [KafkaKey("delegation.token.expiry.time.ms")]
    public long DelegationTokenExpiryTimeMs { get; init; } = 86_400_000;

    /// <summary>How often delegation tokens whose time is over are removed (ms); they are of no use before that. Default 1 hour.</summary>
    [KafkaKey("delegation.token.expiry.check.interval.ms")]
    public long DelegationTokenExpiryCheckIntervalMs { get; init; } = 3_600_000;

    /// <summary>The most connections of one address; default no limit.</summary>
    [KafkaKey("max.connections.per.ip")]
    public int MaxConnectionsPerIp { get; init; } = int.MaxValue;

    /// <summary>Other limits for some addresses, as <c>127.0.0.1:100</c>.</summary>
    [KafkaKey("max.connections.per.ip.overrides")]
    public ImmutableArray<string> MaxConnectionsPerIpOverrides { get; init; } = [];

    /// <summary>How long a failed authentication is answered later (ms), to slow down guessing. Default 100.</summary>
    [KafkaKey("connection.failed.authentication.delay.ms")]
    public int FailedAuthenticationDelayMs { get; init; } = 100;

    /// <summary>
    /// How long a client may take for the TLS handshake, and as long again to authenticate (ms). Default 30 s; Kafka only has its idle
    /// time for this.
    /// </summary>
    [KafkaKey("connection.authentication.timeout.ms")]
    public int AuthenticationTimeoutMs { get; init; } = 30_000;

    /// <summary>The rack that clients are told, or null.</summary>
    [KafkaKey("broker.rack")]
    public string? Rack { get; init; }

    /// <summary>Partitions of topics whose creator names no number. Default 1.</summary>
    [KafkaKey("num.partitions")]
    public int NumPartitions { get; init; } = 1;

    /// <summary>Whether asking for the metadata of an unknown topic may create it. Default true.</summary>
    [KafkaKey("auto.create.topics.enable")]
    public bool AutoCreateTopics { get; init; } = true;

    /// <summary>Whether topics can be deleted. Default true.</summary>
    [KafkaKey("delete.topic.enable")]
    public bool DeleteTopicEnable { get; init; } = true;

    /// <summary>The largest request accepted, in bytes; a larger one closes its connection. Default 100 MiB.</summary>
    [KafkaKey("socket.request.max.bytes")]
    public int SocketRequestMaxBytes { get; init; } = 104857600;

    /// <summary>
    /// Bytes of requests received and not answered at which the broker reads no further ones, from any connection. Default -1: the part of
    /// <c>memory.limit</c> that is for requests.
    /// </summary>
    [KafkaKey("queued.max.request.bytes")]
    public long QueuedMaxRequestBytes { get; init; } = -1;

    /// <summary>
    /// Bytes that all buffers and caches of the process together may hold; an embedded broker draws on the limit of its cluster instead.
    /// At least 16 MiB; without it a quarter of the memory that the process may use.
    /// </summary>
    [KafkaKey("memory.limit")]
    public long? MemoryLimit { get; init; }

    /// <summary>The most bytes that one fetch is answered with. Default 55 MiB.</summary>
    [KafkaKey("fetch.max.bytes")]
    public int FetchMaxBytes { get; init; } = 57671680;

    /// <summary>The most incremental fetch sessions kept for clients (KIP-227). Default 1000.</summary>
    [KafkaKey("max.incremental.fetch.session.cache.slots")]
    public int FetchSessionCacheSlots { get; init; } = 1000;

    /// <summary>The most bytes of metrics that a client may push at once (KIP-714). Default 1 MiB.</summary>
    [KafkaKey("telemetry.max.bytes")]
    public int TelemetryMaxBytes { get; init; } = 1 << 20;

    /// <summary>A connection without requests for this long is closed (ms). Default 10 minutes.</summary>
    [KafkaKey("connections.max.idle.ms")]
    public long ConnectionsMaxIdleMs { get; init; } = 600_000;

    /// <summary>How long the first rebalance of a group waits for more members (ms). Default 3 s.</summary>
    [KafkaKey("group.initial.rebalance.delay.ms")]
    public int GroupInitialRebalanceDelayMs { get; init; } = 3000;

    /// <summary>The shortest session timeout a member may ask for (ms). Default 6 s.</summary>
    [KafkaKey("group.min.session.timeout.ms")]
    public int GroupMinSessionTimeoutMs { get; init; } = 6000;

    /// <summary>The longest session timeout a member may ask for (ms). Default 30 minutes.</summary>
    [KafkaKey("group.max.session.timeout.ms")]
    public int GroupMaxSessionTimeoutMs { get; init; } = 1_800_000;

    /// <summary>The most members of a group. Default: no limit.</summary>
    [KafkaKey("group.max.size")]
    public int GroupMaxSize { get; init; } = int.MaxValue;

    /// <summary>
    /// Whether groups change between the classic protocol and that of KIP-848 while their members stay: <c>bidirectional</c> (the
    /// default), <c>upgrade</c>, <c>downgrade</c> or <c>disabled</c>.
    /// </summary>
    [KafkaKey("group.consumer.migration.policy")]
    public string GroupConsumerMigrationPolicy { get; init; } = "bidirectional";

    /// <summary>The assignors of KIP-848 groups, the default one first: <c>uniform</c> and <c>range</c>.</summary>
    [KafkaKey("group.consumer.assignors")]
    public ImmutableArray<string> GroupConsumerAssignors { get; init; } = ["uniform", "range"];

    /// <summary>The most members of a KIP-848 group. Default: no limit.</summary>
    [KafkaKey("group.consumer.max.size")]
    public int GroupConsumerMaxSize { get; init; } = int.MaxValue;

    /// <summary>A member of a KIP-848 group is out without a sign of life for this long (ms). Default 45 s.</summary>
    [KafkaKey("group.consumer.session.timeout.ms")]
    public int GroupConsumerSessionTimeoutMs { get; init; } = 45_000;

    /// <summary>The least that a group may set for its session timeout (ms). Default 45 s.</summary>
    [KafkaKey("group.consumer.min.session.timeout.ms")]
    public int GroupConsumerMinSessionTimeoutMs { get; init; } = 45_000;

    /// <summary>The most that a group may set for its session timeout (ms). Default 60 s.</summary>
    [KafkaKey("group.consumer.max.session.timeout.ms")]
    public int GroupConsumerMaxSessionTimeoutMs { get; init; } = 60_000;

    /// <summary>How often members of KIP-848 groups send heartbeats (ms). Default 5 s.</summary>
    [KafkaKey("group.consumer.heartbeat.interval.ms")]
    public int GroupConsumerHeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>The least that a group may set for its heartbeats (ms). Default 5 s.</summary>
    [KafkaKey("group.consumer.min.heartbeat.interval.ms")]
    public int GroupConsumerMinHeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>The most that a group may set for its heartbeats (ms). Default 15 s.</summary>
    [KafkaKey("group.consumer.max.heartbeat.interval.ms")]
    public int GroupConsumerMaxHeartbeatIntervalMs { get; init; } = 15_000;

    /// <summary>KIP-848 groups are not assigned anew more often than this (ms, KIP-1263). Default 1 s.</summary>
    [KafkaKey("group.consumer.assignment.interval.ms")]
    public int GroupConsumerAssignmentIntervalMs { get; init; } = 1000;

    /// <summary>The least that a group may set for its assignment interval (ms). Default 0.</summary>
    [KafkaKey("group.consumer.min.assignment.interval.ms")]
    public int GroupConsumerMinAssignmentIntervalMs { get; init; }

    /// <summary>The most that a group may set for its assignment interval (ms). Default 15 s.</summary>
    [KafkaKey("group.consumer.max.assignment.interval.ms")]
    public int GroupConsumerMaxAssignmentIntervalMs { get; init; } = 15_000;

    /// <summary>A member of a streams group (KIP-1071) is out without a sign of life for this long (ms). Default 45 s.</summary>
    [KafkaKey("group.streams.session.timeout.ms")]
    public int GroupStreamsSessionTimeoutMs { get; init; } = 45_000;

    /// <summary>The least that a streams group may set for its session timeout (ms). Default 45 s.</summary>
    [KafkaKey("group.streams.min.session.timeout.ms")]
    public int GroupStreamsMinSessionTimeoutMs { get; init; } = 45_000;

    /// <summary>The most that a streams group may set for its session timeout (ms). Default 60 s.</summary>
    [KafkaKey("group.streams.max.session.timeout.ms")]
    public int GroupStreamsMaxSessionTimeoutMs { get; init; } = 60_000;

    /// <summary>How often members of streams groups send heartbeats (ms). Default 5 s.</summary>
    [KafkaKey("group.streams.heartbeat.interval.ms")]
    public int GroupStreamsHeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>The least that a streams group may set for its heartbeats (ms). Default 5 s.</summary>
    [KafkaKey("group.streams.min.heartbeat.interval.ms")]
    public int GroupStreamsMinHeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>The most that a streams group may set for its heartbeats (ms). Default 15 s.</summary>
    [KafkaKey("group.streams.max.heartbeat.interval.ms")]
    public int GroupStreamsMaxHeartbeatIntervalMs { get; init; } = 15_000;

    /// <summary>The most members of a streams group. Default: no limit.</summary>
    [KafkaKey("group.streams.max.size")]
    public int GroupStreamsMaxSize { get; init; } = int.MaxValue;

    /// <summary>How many copies of each state a streams group keeps beside the one in use. Default 0.</summary>
    [KafkaKey("group.streams.num.standby.replicas")]
    public int GroupStreamsNumStandbyReplicas { get; init; }

    /// <summary>The most copies that a streams group may set. Default 2.</summary>
    [KafkaKey("group.streams.max.standby.replicas")]
    public int GroupStreamsMaxStandbyReplicas { get; init; } = 2;

    /// <summary>How long the first assignment of an empty streams group waits for more members (ms). Default 3 s.</summary>
    [KafkaKey("group.streams.initial.rebalance.delay.ms")]
    public int GroupStreamsInitialRebalanceDelayMs { get; init; } = 3000;

    /// <summary>Streams groups are not assigned anew more often than this (ms). Default 1 s.</summary>
    [KafkaKey("group.streams.assignment.interval.ms")]
    public int GroupStreamsAssignmentIntervalMs { get; init; } = 1000;

    /// <summary>The least that a streams group may set for its assignment interval (ms). Default 0.</summary>
    [KafkaKey("group.streams.min.assignment.interval.ms")]
    public int GroupStreamsMinAssignmentIntervalMs { get; init; }

    /// <summary>The most that a streams group may set for its assignment interval (ms). Default 15 s.</summary>
    [KafkaKey("group.streams.max.assignment.interval.ms")]
    public int GroupStreamsMaxAssignmentIntervalMs { get; init; } = 15_000;

    /// <summary>A member of a share group (KIP-932) is out without a sign of life for this long (ms). Default 45 s.</summary>
    [KafkaKey("group.share.session.timeout.ms")]
    public int GroupShareSessionTimeoutMs { get; init; } = 45_000;

    /// <summary>The least that a share group may set for its session timeout (ms). Default 45 s.</summary>
    [KafkaKey("group.share.min.session.timeout.ms")]
    public int GroupShareMinSessionTimeoutMs { get; init; } = 45_000;

    /// <summary>The most that a share group may set for its session timeout (ms). Default 60 s.</summary>
    [KafkaKey("group.share.max.session.timeout.ms")]
    public int GroupShareMaxSessionTimeoutMs { get; init; } = 60_000;

    /// <summary>How often members of share groups send heartbeats (ms). Default 5 s.</summary>
    [KafkaKey("group.share.heartbeat.interval.ms")]
    public int GroupShareHeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>The least that a share group may set for its heartbeats (ms). Default 5 s.</summary>
    [KafkaKey("group.share.min.heartbeat.interval.ms")]
    public int GroupShareMinHeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>The most that a share group may set for its heartbeats (ms). Default 15 s.</summary>
    [KafkaKey("group.share.max.heartbeat.interval.ms")]
    public int GroupShareMaxHeartbeatIntervalMs { get; init; } = 15_000;

    /// <summary>Share groups are not assigned anew more often than this (ms). Default 1 s.</summary>
    [KafkaKey("group.share.assignment.interval.ms")]
    public int GroupShareAssignmentIntervalMs { get; init; } = 1000;

    /// <summary>The least that a share group may set for its assignment interval (ms). Default 0.</summary>
    [KafkaKey("group.share.min.assignment.interval.ms")]
    public int GroupShareMinAssignmentIntervalMs { get; init; }

    /// <summary>The most that a share group may set for its assignment interval (ms). Default 15 s.</summary>
    [KafkaKey("group.share.max.assignment.interval.ms")]
    public int GroupShareMaxAssignmentIntervalMs { get; init; } = 15_000;

    /// <summary>The most members of a share group. Default 200.</summary>
    [KafkaKey("group.share.max.size")]
    public int GroupShareMaxSize { get; init; } = 200;

    /// <summary>The most share sessions, one a member. Default 2000.</summary>
    [KafkaKey("group.share.max.share.sessions")]
    public int GroupShareMaxShareSessions { get; init; } = 2000;

    /// <summary>How long a record stays with a member of a share group (ms). Default 30 s.</summary>
    [KafkaKey("group.share.record.lock.duration.ms")]
    public int GroupShareRecordLockDurationMs { get; init; } = 30_000;

    /// <summary>The least that a share group may set for that (ms). Default 15 s.</summary>
    [KafkaKey("group.share.min.record.lock.duration.ms")]
    public int GroupShareMinRecordLockDurationMs { get; init; } = 15_000;

    /// <summary>The most that a share group may set for that (ms). Default 60 s.</summary>
    [KafkaKey("group.share.max.record.lock.duration.ms")]
    public int GroupShareMaxRecordLockDurationMs { get; init; } = 60_000;

    /// <summary>How often a record is handed to members of a share group at most. Default 5.</summary>
    [KafkaKey("group.share.delivery.count.limit")]
    public int GroupShareDeliveryCountLimit { get; init; } = 5;

    /// <summary>The least that a share group may set for that. Default 2.</summary>
    [KafkaKey("group.share.min.delivery.count.limit")]
    public int GroupShareMinDeliveryCountLimit { get; init; } = 2;

    /// <summary>The most that a share group may set for that. Default 10.</summary>
    [KafkaKey("group.share.max.delivery.count.limit")]
    public int GroupShareMaxDeliveryCountLimit { get; init; } = 10;

    /// <summary>The most records of a partition that are under way in a share group. Default 2000.</summary>
    [KafkaKey("group.share.partition.max.record.locks")]
    public int GroupSharePartitionMaxRecordLocks { get; init; } = 2000;

    /// <summary>The least that a share group may set for that. Default 100.</summary>
    [KafkaKey("group.share.min.partition.max.record.locks")]
    public int GroupShareMinPartitionMaxRecordLocks { get; init; } = 100;

    /// <summary>The most that a share group may set for that. Default 4000.</summary>
    [KafkaKey("group.share.max.partition.max.record.locks")]
    public int GroupShareMaxPartitionMaxRecordLocks { get; init; } = 4000;

    /// <summary>
    /// Partitions of <c>__share_group_state</c>. Default 4, for the reason given at <see cref="OffsetsTopicNumPartitions"/>.
    /// </summary>
    [KafkaKey("share.coordinator.state.topic.num.partitions")]
    public int ShareStateTopicNumPartitions { get; init; } = 4;

    /// <summary>How many changes of a share partition's state are written before the whole of it is. Default 500.</summary>
    [KafkaKey("share.coordinator.snapshot.update.records.per.snapshot")]
    public int ShareStateUpdatesPerSnapshot { get; init; } = 500;

    /// <summary>
    /// Partitions of <c>__consumer_offsets</c>. Default 8: Kafka's 50 spread the load over brokers, here there is one, and each
    /// partition costs files.
    /// </summary>
    [KafkaKey("offsets.topic.num.partitions")]
    public int OffsetsTopicNumPartitions { get; init; } = 8;

    /// <summary>How long committed offsets outlive the last member of their group (minutes). Default 7 days.</summary>
    [KafkaKey("offsets.retention.minutes")]
    public int OffsetsRetentionMinutes { get; init; } = 10080;

    /// <summary>How often expired offsets are looked for (ms). Default 10 minutes.</summary>
    [KafkaKey("offsets.retention.check.interval.ms")]
    public long OffsetsRetentionCheckIntervalMs { get; init; } = 600_000;

    /// <summary>The longest metadata string of a committed offset (characters). Default 4096.</summary>
    [KafkaKey("offset.metadata.max.bytes")]
    public int OffsetMetadataMaxBytes { get; init; } = 4096;

    /// <summary>
    /// Partitions of <c>__transaction_state</c>. Default 4, for the reason given at <see cref="OffsetsTopicNumPartitions"/>.
    /// </summary>
    [KafkaKey("transaction.state.log.num.partitions")]
    public int TransactionTopicNumPartitions { get; init; } = 4;

    /// <summary>The longest transaction timeout a producer may ask for (ms). Default 15 minutes.</summary>
    [KafkaKey("transaction.max.timeout.ms")]
    public int TransactionMaxTimeoutMs { get; init; } = 900_000;

    /// <summary>How often open transactions are checked against their timeout (ms). Default 10 s.</summary>
    [KafkaKey("transaction.abort.timed.out.transaction.cleanup.interval.ms")]
    public long TransactionAbortCheckIntervalMs { get; init; } = 10_000;

    /// <summary>A transactional id unused for this long is forgotten (ms). Default 7 days.</summary>
    [KafkaKey("transactional.id.expiration.ms")]
    public long TransactionalIdExpirationMs { get; init; } = 604_800_000;

    /// <summary>The state of a producer is forgotten when it has not written to a partition for this long (ms). Default 1 day.</summary>
    [KafkaKey("producer.id.expiration.ms")]
    public long ProducerIdExpirationMs { get; init; } = 86_400_000;

    /// <summary>How long after the start retention is looked at for the first time (ms). Default 30 s.</summary>
    [KafkaKey("log.initial.task.delay.ms")]
    public long LogInitialTaskDelayMs { get; init; } = 30_000;

    /// <summary>How often segments are checked against retention (ms). Default 5 minutes.</summary>
    [KafkaKey("log.retention.check.interval.ms")]
    public long RetentionCheckIntervalMs { get; init; } = 300_000;

    /// <summary>How often compacted topics are looked at (ms). Default 15 s.</summary>
    [KafkaKey("log.cleaner.backoff.ms")]
    public long CleanerBackoffMs { get; init; } = 15_000;

    /// <summary>
    /// Broker-wide defaults of topic settings under their topic names (<c>retention.ms</c>) or broker names (<c>log.retention.ms</c>).
    /// </summary>
    public ImmutableDictionary<string, string> TopicDefaults { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// The defaults of topic settings as they were given to <see cref="FromProperties"/>, under the names that they were given by: some
    /// have several, such as <c>log.retention.minutes</c>.
    /// </summary>
    internal ImmutableSortedDictionary<string, string> GivenTopicDefaults { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Settings of Kafka's brokers that were given and decide nothing here.</summary>
    internal ImmutableSortedDictionary<string, string> GivenUnused { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Reads settings by Kafka's keys, as in a properties file; keys of topic settings go to <see cref="TopicDefaults"/>.
    /// </summary>
    /// <param name="properties">Keys and values.</param>
    /// <param name="start">What is not named keeps the value it has here; null for the defaults.</param>
    /// <exception cref="Core.Errors.ConfigurationException">A key is not known or a value cannot be read.</exception>
    public static BrokerOptions FromProperties(IEnumerable<KeyValuePair<string, string>> properties, BrokerOptions? start = null) =>
        BrokerOptionsBinder.Bind(properties, start ?? new BrokerOptions());

    /// <summary>Says where the data is, and none of the settings, because some are secrets.</summary>
    public override string ToString() => $"broker {NodeId} of {DataDirectory}";
}
