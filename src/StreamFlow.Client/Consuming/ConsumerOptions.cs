using StreamFlow.Client.Configuration;
using StreamFlow.Client.Groups;
using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// The settings of a consumer. Immutable: derive variants with <c>with</c>. Names and meanings are Kafka's where a key is given.
/// </summary>
public sealed record ConsumerOptions
{
    /// <summary>The defaults.</summary>
    public static ConsumerOptions Default { get; } = new();

    /// <summary>The group; null for a consumer that is assigned by hand and commits nothing.</summary>
    [ConfigKey("group.id")]
    public string? GroupId { get; init; }

    /// <summary>
    /// Makes the member static: a restart within the session timeout keeps its partitions (KIP-345). Null for a dynamic member.
    /// </summary>
    [ConfigKey("group.instance.id")]
    public string? GroupInstanceId { get; init; }

    /// <summary>Who computes the group's assignment: a member (classic) or the broker (consumer, KIP-848).</summary>
    [ConfigKey("group.protocol")]
    public GroupProtocol GroupProtocol { get; init; } = GroupProtocol.Classic;

    /// <summary>With <see cref="GroupProtocol.Consumer"/>: the broker's assignor, uniform or range; null leaves it to the broker.</summary>
    [ConfigKey("group.remote.assignor")]
    public string? GroupRemoteAssignor { get; init; }

    /// <summary>Where to begin without a committed offset.</summary>
    [ConfigKey("auto.offset.reset")]
    public AutoOffsetReset AutoOffsetReset { get; init; } = AutoOffsetReset.Latest;

    /// <summary>What is seen of transactions.</summary>
    [ConfigKey("isolation.level")]
    public IsolationLevel IsolationLevel { get; init; } = IsolationLevel.ReadUncommitted;

    /// <summary>
    /// Whether polling commits, every <see cref="AutoCommitInterval"/>, what earlier polls handed out. Off by default, unlike Kafka's.
    /// </summary>
    [ConfigKey("enable.auto.commit")]
    public bool EnableAutoCommit { get; init; }

    /// <summary>How often automatic commits happen.</summary>
    [ConfigKey("auto.commit.interval.ms")]
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The coordinator drops the member when it hears no heartbeat for this long.</summary>
    [ConfigKey("session.timeout.ms")]
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How often the member sends a heartbeat.</summary>
    [ConfigKey("heartbeat.interval.ms")]
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The member leaves its group when polls are further apart than this. It is the rebalance timeout too.</summary>
    [ConfigKey("max.poll.interval.ms")]
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How the group's leader distributes partitions, in order of preference; members must share one. Assignors may keep state of their
    /// group, so give every consumer its own. Not used with <see cref="GroupProtocol.Consumer"/>.
    /// </summary>
    public IReadOnlyList<IPartitionAssignor> Assignors { get; init; } = [new RangeAssignor(), new CooperativeStickyAssignor()];

    /// <summary>The protocol type of the group: <c>consumer</c> unless the assignors speak another embedded protocol.</summary>
    public string ProtocolType { get; init; } = "consumer";

    /// <summary>How long a broker may hold a fetch that finds too few bytes.</summary>
    [ConfigKey("fetch.max.wait.ms")]
    public TimeSpan FetchMaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Bytes a broker waits for before it answers a fetch.</summary>
    [ConfigKey("fetch.min.bytes")]
    public int FetchMinBytes { get; init; } = 1;

    /// <summary>The most bytes of one fetch; a larger first batch comes whole all the same.</summary>
    [ConfigKey("fetch.max.bytes")]
    public int FetchMaxBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The most bytes of one partition in a fetch; a larger first batch comes whole all the same.</summary>
    [ConfigKey("max.partition.fetch.bytes")]
    public int MaxPartitionFetchBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes fetched ahead, of partitions that are not paused, at which fetching pauses.</summary>
    [ConfigKey("fetch.buffer.memory")]
    public long FetchBufferMemory { get; init; } = 16L * 1024 * 1024;

    /// <summary>Whether the checksum of each batch is verified.</summary>
    [ConfigKey("check.crcs")]
    public bool CheckCrcs { get; init; } = true;

    /// <summary>
    /// Whether the objects of batches are used again after their dispose, so that polling allocates next to nothing. Then a batch may be
    /// disposed once only, and not be touched after that: it may be another one already.
    /// </summary>
    public bool ReuseBatches { get; init; }

    /// <summary>How often a pattern subscription looks for new topics, and a group leader for new partitions.</summary>
    [ConfigKey("metadata.max.age.ms")]
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether subscribing to a topic that does not exist creates it, when the broker does so on demand.</summary>
    [ConfigKey("allow.auto.create.topics")]
    public bool AllowAutoCreateTopics { get; init; } = true;

    /// <summary>This client's rack, for fetching from a replica nearby and for assignors; empty for none.</summary>
    [ConfigKey("client.rack")]
    public string Rack { get; init; } = "";

    /// <summary>Reads Kafka's textual settings.</summary>
    /// <param name="properties">Settings by Kafka's names.</param>
    /// <exception cref="ConfigurationException">Names all settings that are unknown or not valid.</exception>
    public static ConsumerOptions FromProperties(IEnumerable<KeyValuePair<string, string>> properties) =>
        OptionsBinder.Bind(new ConsumerOptions(), properties, o => o.Validate());

    /// <summary>All that is wrong with these options, in words; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (GroupId is "")
        {
            problems.Add("group.id may not be empty; leave it out for a consumer without a group");
        }

        if (GroupInstanceId is "" || (GroupInstanceId is not null && GroupId is null))
        {
            problems.Add("group.instance.id may not be empty and needs group.id");
        }

        AddGroupProtocolProblems(problems);
        if (EnableAutoCommit && GroupId is null)
        {
            problems.Add("enable.auto.commit needs group.id");
        }

        if (HeartbeatInterval <= TimeSpan.Zero || HeartbeatInterval >= SessionTimeout)
        {
            problems.Add("heartbeat.interval.ms must be positive and less than session.timeout.ms (a third of it is usual)");
        }

        if (MaxPollInterval <= TimeSpan.Zero || AutoCommitInterval <= TimeSpan.Zero)
        {
            problems.Add("max.poll.interval.ms and auto.commit.interval.ms must be positive");
        }

        if (FetchMaxWait < TimeSpan.Zero || FetchMinBytes < 0 || FetchMaxBytes < 1 || MaxPartitionFetchBytes < 1 || FetchBufferMemory < 1)
        {
            problems.Add("fetch sizes must be positive, fetch.max.wait.ms and fetch.min.bytes may be 0");
        }

        if (Assignors.Count == 0 || Assignors.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count() != Assignors.Count)
        {
            problems.Add("there must be at least one assignor, and their names must differ");
        }

        return problems;
    }

    private void AddGroupProtocolProblems(List<string> problems)
    {
        if (GroupProtocol == GroupProtocol.Classic)
        {
            if (GroupRemoteAssignor is not null)
            {
                problems.Add("group.remote.assignor needs group.protocol=consumer");
            }
        }
        else if (HeartbeatInterval != Default.HeartbeatInterval || SessionTimeout != Default.SessionTimeout)
        {
            problems.Add("with group.protocol=consumer the broker decides: leave out heartbeat.interval.ms and session.timeout.ms");
        }
    }
}
