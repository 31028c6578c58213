using StreamFlow.Client.Configuration;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Client.Producing;

/// <summary>
/// The settings of a producer. Immutable: derive variants with <c>with</c>. Names and meanings are Kafka's where a key is given.
/// </summary>
public sealed record ProducerOptions
{
    /// <summary>The defaults.</summary>
    public static ProducerOptions Default { get; } = new();

    /// <summary>When a send counts as done.</summary>
    [ConfigKey("acks")]
    public Acks Acks { get; init; } = Acks.All;

    /// <summary>Whether the broker drops duplicates that retries cause; needs <see cref="Acks.All"/>.</summary>
    [ConfigKey("enable.idempotence")]
    public bool EnableIdempotence { get; init; } = true;

    /// <summary>Names the producer across restarts and switches transactions on; null for none.</summary>
    [ConfigKey("transactional.id")]
    public string? TransactionalId { get; init; }

    /// <summary>After this time the coordinator aborts an open transaction by itself.</summary>
    [ConfigKey("transaction.timeout.ms")]
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The size in bytes (before compression) at which a batch is closed. A larger record gets a batch of its own.</summary>
    [ConfigKey("batch.size")]
    public int BatchSize { get; init; } = 128 * 1024;

    /// <summary>
    /// How long an open batch waits for more records. Zero is adaptive: a batch goes out at once when nothing is in flight to its broker,
    /// and fills while something is.
    /// </summary>
    [ConfigKey("linger.ms")]
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;

    /// <summary>The codec of the batches.</summary>
    [ConfigKey("compression.type")]
    public CompressionType Compression { get; init; }

    /// <summary>The codec's level; null is its default.</summary>
    [ConfigKey("compression.level")]
    public int? CompressionLevel { get; init; }

    /// <summary>Bytes of records not yet acknowledged at which sends begin to wait.</summary>
    [ConfigKey("buffer.memory")]
    public long BufferMemory { get; init; } = 32L * 1024 * 1024;

    /// <summary>The most bytes of records in one request.</summary>
    [ConfigKey("max.request.size")]
    public int MaxRequestSize { get; init; } = 1024 * 1024;

    /// <summary>Requests to one broker that may wait for an answer; at most 5 with idempotence.</summary>
    [ConfigKey("max.in.flight.requests.per.connection")]
    public int MaxInFlight { get; init; } = 5;

    /// <summary>Within this time a record is written or fails, retries included.</summary>
    [ConfigKey("delivery.timeout.ms")]
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a send waits for metadata of its topic or for buffer space.</summary>
    [ConfigKey("max.block.ms")]
    public TimeSpan MaxBlock { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Called once per batch when it is written or has failed, on the producer's own thread: be quick, do not block, do not throw.
    /// Null for nobody.
    /// </summary>
    public Action<DeliveryReport>? OnDelivery { get; init; }

    /// <summary>Whether the producer has a producer id: idempotent or transactional.</summary>
    internal bool HasProducerId => EnableIdempotence || TransactionalId is not null;

    /// <summary>Reads Kafka's textual settings.</summary>
    /// <param name="properties">Settings by Kafka's names.</param>
    /// <exception cref="ConfigurationException">Names all settings that are unknown or not valid.</exception>
    public static ProducerOptions FromProperties(IEnumerable<KeyValuePair<string, string>> properties) =>
        OptionsBinder.Bind(new ProducerOptions(), properties, o => o.Validate());

    /// <summary>All that is wrong with these options, in words; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (HasProducerId && Acks != Acks.All)
        {
            problems.Add("enable.idempotence and transactional.id need acks=all");
        }

        if (TransactionalId is not null && !EnableIdempotence)
        {
            problems.Add("transactional.id needs enable.idempotence=true");
        }

        if (TransactionalId is "")
        {
            problems.Add("transactional.id may not be empty");
        }

        if (MaxInFlight < 1 || (HasProducerId && MaxInFlight > 5))
        {
            problems.Add(
                $"max.in.flight.requests.per.connection must be 1 to 5 with idempotence and at least 1 without, not {MaxInFlight}");
        }

        if (BatchSize < 1)
        {
            problems.Add($"batch.size must be at least 1 byte, not {BatchSize}");
        }

        if (BufferMemory < BatchSize)
        {
            problems.Add($"buffer.memory ({BufferMemory}) must be at least batch.size ({BatchSize})");
        }

        if (MaxRequestSize < 1)
        {
            problems.Add($"max.request.size must be at least 1 byte, not {MaxRequestSize}");
        }

        if (Linger < TimeSpan.Zero || DeliveryTimeout <= Linger)
        {
            problems.Add("linger.ms may not be negative, and delivery.timeout.ms must be greater");
        }

        if (TransactionTimeout <= TimeSpan.Zero)
        {
            problems.Add("transaction.timeout.ms must be positive");
        }

        return problems;
    }
}
