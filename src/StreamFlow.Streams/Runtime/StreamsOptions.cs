using StreamFlow.Client.Configuration;
using StreamFlow.Core.Errors;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// The settings of an application. Immutable: derive variants with <c>with</c>. Names and meanings are Kafka Streams' where a key is given.
/// </summary>
public sealed record StreamsOptions
{
    /// <summary>
    /// Identity of the application: its consumer group, the prefix of its internal topics, the name of its state directory. Instances with
    /// the same id share the work.
    /// </summary>
    [ConfigKey("application.id")]
    public string ApplicationId { get; init; } = "";

    /// <summary>Where stores are kept, one directory per application below it. Two processes cannot share it.</summary>
    [ConfigKey("state.dir")]
    public string StateDirectory { get; init; } = "streamflow-data/state";

    /// <summary>How many loops this instance runs; each has its own consumer and producer, and a share of the tasks.</summary>
    [ConfigKey("num.stream.threads")]
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Copies of each task's stores that other instances keep up to date: one of them takes over with little to restore. As many as there
    /// are other instances. The setting of the group's leader counts: give all instances the same.
    /// </summary>
    [ConfigKey("num.standby.replicas")]
    public int StandbyReplicas { get; init; }

    /// <summary>What a failure may do to results.</summary>
    [ConfigKey("processing.guarantee")]
    public ProcessingGuarantee Guarantee { get; init; } = ProcessingGuarantee.AtLeastOnce;

    /// <summary>
    /// Time between commits; null for the default of the guarantee: one second at least once (Kafka Streams: 30 s, which a crash would
    /// replay), 100 ms exactly once, as there.
    /// </summary>
    [ConfigKey("commit.interval.ms")]
    public TimeSpan? CommitInterval { get; init; }

    /// <summary>How long a loop without work waits for records.</summary>
    [ConfigKey("poll.ms")]
    public TimeSpan PollTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Records of one partition that may wait in a task before its fetching pauses.</summary>
    [ConfigKey("buffered.records.per.partition")]
    public int BufferedRecordsPerPartition { get; init; } = 10_000;

    /// <summary>
    /// How long a task waits for records of a partition that has none, once all that the broker has are there, so that records of several
    /// partitions are taken in the order of their times. Negative (-1): does not even wait for what the broker has.
    /// </summary>
    [ConfigKey("max.task.idle.ms")]
    public TimeSpan MaxTaskIdle { get; init; } = TimeSpan.Zero;

    /// <summary>Replicas of internal topics; -1 for the broker's default.</summary>
    [ConfigKey("replication.factor")]
    public int ReplicationFactor { get; init; } = -1;

    /// <summary>Added to the retention of windowed changelogs, so that a late restore still finds its rows.</summary>
    [ConfigKey("windowstore.changelog.additional.retention.ms")]
    public TimeSpan ChangelogExtraRetention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The most rows that the typed caches of all stores of the instance hold together; <c>memory.limit</c> of the cluster bounds their
    /// bytes.
    /// </summary>
    [ConfigKey("state.cache.rows")]
    public int CachedRows { get; init; } = 1_000_000;

    /// <summary>Bytes of uncommitted rows of a thread at which it commits early.</summary>
    [ConfigKey("uncommitted.max.bytes")]
    public long UncommittedMaxBytes { get; init; } = 32L << 20;

    /// <summary>
    /// The most bytes that RocksDB's memtables of one task take before they are written to files; <c>memory.limit</c> bounds those of all
    /// tasks together.
    /// </summary>
    [ConfigKey("rocksdb.memtable.bytes")]
    public long MemtableBytes { get; init; } = 16L << 20;

    /// <summary>Least time between two flushes of changed stores to disk: what a killed process reads again from the changelog.</summary>
    [ConfigKey("state.flush.interval.ms")]
    public TimeSpan StateFlushInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this time the coordinator aborts a transaction of a dead instance. Kafka Streams' 10 s.</summary>
    [ConfigKey("transaction.timeout.ms")]
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this time without a heartbeat an instance is taken for dead and its tasks go to others.</summary>
    [ConfigKey("session.timeout.ms")]
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Time between heartbeats.</summary>
    [ConfigKey("heartbeat.interval.ms")]
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a thread goes on trying after failures that may pass, without progress in between.</summary>
    [ConfigKey("task.timeout.ms")]
    public TimeSpan TaskTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Least time between two looks of a task for windows to emit on close or unmatched join records; zero looks at every record. Default
    /// one second, as in Kafka Streams.
    /// </summary>
    [ConfigKey("emit.interval.ms")]
    public TimeSpan EmitInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How failed records are treated.</summary>
    public ErrorHandling Errors { get; init; } = ErrorHandling.Default;

    /// <summary>
    /// The dead-letter topic of <see cref="Errors"/>, as text configuration names it (KIP-1034): failed input records go there with their
    /// error, position and stack, whatever the handlers answer. Null for none.
    /// </summary>
    [ConfigKey("errors.dead.letter.queue.topic.name")]
    public string? DeadLetterTopic
    {
        get => Errors.DeadLetterTopic;
        init => Errors = Errors with { DeadLetterTopic = value };
    }

    /// <summary>What text configuration answers for input that cannot be read; null leaves it to <see cref="Errors"/>.</summary>
    [ConfigKey("deserialization.exception.handler")]
    public ErrorResponse? DeserializationErrors
    {
        get;
        init
        {
            field = value;
            Errors = value is { } response ? Errors with { OnDeserializationError = (_, _) => response } : Errors;
        }
    }

    /// <summary>What text configuration answers for exceptions of operators; null leaves it to <see cref="Errors"/>.</summary>
    [ConfigKey("processing.exception.handler")]
    public ErrorResponse? ProcessingErrors
    {
        get;
        init
        {
            field = value;
            Errors = value is { } response ? Errors with { OnProcessingError = (_, _) => response } : Errors;
        }
    }

    /// <summary>Time between commits, the guarantee's default filled in.</summary>
    public TimeSpan EffectiveCommitInterval =>
        CommitInterval ?? (Guarantee == ProcessingGuarantee.ExactlyOnceV2 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1));

    /// <summary>Reads Kafka Streams' textual settings.</summary>
    /// <exception cref="ConfigurationException">Names all settings that are unknown or not valid.</exception>
    public static StreamsOptions FromProperties(IEnumerable<KeyValuePair<string, string>> properties) =>
        OptionsBinder.Bind(new StreamsOptions(), properties, o => o.Validate());

    /// <summary>All that is wrong with these options, in words; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (ApplicationId.Length == 0)
        {
            problems.Add("application.id is missing: name the application");
        }
        else if (ApplicationId.AsSpan().ContainsAnyExcept(NameCharacters) || ApplicationId is "." or "..")
        {
            problems.Add($"application.id '{ApplicationId}' may have the characters A-Z a-z 0-9 . _ - only");
        }

        if (Threads < 1)
        {
            problems.Add($"num.stream.threads must be at least 1, not {Threads}");
        }

        if (StandbyReplicas < 0)
        {
            problems.Add($"num.standby.replicas may not be negative, but is {StandbyReplicas}");
        }

        if (EffectiveCommitInterval < TimeSpan.Zero || PollTimeout < TimeSpan.Zero || StateFlushInterval < TimeSpan.Zero
            || EmitInterval < TimeSpan.Zero)
        {
            problems.Add("commit.interval.ms, poll.ms, state.flush.interval.ms and emit.interval.ms may not be negative");
        }

        if (Guarantee == ProcessingGuarantee.ExactlyOnceV2 && EffectiveCommitInterval >= TransactionTimeout)
        {
            problems.Add("commit.interval.ms must be less than transaction.timeout.ms, or the broker aborts every transaction");
        }

        if (BufferedRecordsPerPartition < 1 || CachedRows < 1 || UncommittedMaxBytes < 1)
        {
            problems.Add("buffered.records.per.partition, state.cache.rows and uncommitted.max.bytes must be positive");
        }

        return problems;
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
}
