namespace StreamFlow.Storage;

/// <summary>Settings of a data directory. Values only; clock, disk and logger are arguments of <see cref="LogManager.Open"/>.</summary>
public sealed record LogManagerOptions
{
    /// <summary>The data directory.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Id of the cluster, written to <c>meta.properties</c> at the first start; null takes what stands there, or makes one.
    /// </summary>
    public string? ClusterId { get; init; }

    /// <summary>Id of the broker, written to <c>meta.properties</c>; another id there is an error.</summary>
    public int NodeId { get; init; } = 1;

    /// <summary>
    /// Whether a thread makes logs durable (group commit). Without it a flush happens within the call that asks for it, which is what
    /// simulated and in-memory disks want.
    /// </summary>
    public bool FlushInBackground { get; init; } = true;

    /// <summary>
    /// Whether the high watermark is the end of the log, as it is with one replica. If not, the broker moves it with
    /// <see cref="PartitionLog.AdvanceHighWatermark"/>.
    /// </summary>
    public bool HighWatermarkFollowsEnd { get; init; } = true;

    /// <summary><c>producer.id.expiration.ms</c>: how long an idle producer is remembered. Kafka's default, a day.</summary>
    public TimeSpan ProducerIdExpiration { get; init; } = TimeSpan.FromDays(1);

    /// <summary><c>log.initial.task.delay.ms</c>: from the start to the first look at retention. Kafka's default, 30 seconds.</summary>
    public TimeSpan InitialTaskDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>log.retention.check.interval.ms</c>. Kafka's default, 5 minutes.</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// <c>log.flush.offset.checkpoint.interval.ms</c>: how often recovery points and log starts are written. Kafka's default, a minute.
    /// </summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>log.cleaner.backoff.ms</c>: how often logs are looked at for compaction. Kafka's default, 15 seconds.</summary>
    public TimeSpan CleanerInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>log.cleaner.dedupe.buffer.size</c>: bytes for the keys of one compaction. Kafka's default, 128 MiB.</summary>
    public int CleanerBufferBytes { get; init; } = 128 << 20;
}
