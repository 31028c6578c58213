using StreamFlow.Client.Configuration;
using StreamFlow.Client.Security;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;

namespace StreamFlow.Client;

/// <summary>The settings that all clients of a cluster share. Immutable: derive variants with <c>with</c>.</summary>
public sealed record ClusterOptions
{
    /// <summary>The defaults.</summary>
    public static ClusterOptions Default { get; } = new();

    /// <summary>How the clients call themselves; shows in broker logs, group descriptions and quotas.</summary>
    [ConfigKey("client.id")]
    public string ClientId { get; init; } = "streamflow";

    /// <summary>How long a broker may take to answer, before the connection is given up and the request is sent again.</summary>
    [ConfigKey("request.timeout.ms")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long admin and metadata calls go on trying.</summary>
    [ConfigKey("default.api.timeout.ms")]
    public TimeSpan ApiTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an attempt to connect may take.</summary>
    [ConfigKey("socket.connection.setup.timeout.ms")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Metadata older than this is fetched again.</summary>
    [ConfigKey("metadata.max.age.ms")]
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The wait before the first retry; it doubles with each further one.</summary>
    [ConfigKey("retry.backoff.ms")]
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between retries.</summary>
    [ConfigKey("retry.backoff.max.ms")]
    public TimeSpan RetryBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Bytes that all buffers and caches together may hold: of the clients, of applications that run on the cluster, and of an embedded
    /// broker. At least 16 MiB; without it a quarter of the memory that the process may use, common to all clusters it opens.
    /// </summary>
    [ConfigKey("memory.limit")]
    public long? MemoryLimit
    {
        get;
        init
        {
            field = value;
            Memory = MemoryBudget.Of(value);
        }
    }

    /// <summary>The budget of <see cref="MemoryLimit"/>; copies of these options share it.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Process;

    /// <summary>How connections over TCP are encrypted and authenticated; not at all by default.</summary>
    public ConnectionSecurity Security { get; init; } = ConnectionSecurity.None;

    /// <summary>Whether a textual setting is one of these and not of a producer or consumer.</summary>
    public static bool IsKey(string key) => OptionsBinder.Knows<ClusterOptions>(key) || OptionsBinder.Knows<ConnectionSecurity>(key);

    /// <summary>Reads Kafka's textual settings, those of <see cref="Security"/> among them.</summary>
    /// <param name="properties">Settings by Kafka's names.</param>
    /// <exception cref="ConfigurationException">Names all settings that are unknown or not valid.</exception>
    public static ClusterOptions FromProperties(IEnumerable<KeyValuePair<string, string>> properties)
    {
        var all = properties.ToLookup(p => OptionsBinder.Knows<ConnectionSecurity>(p.Key));
        var security = OptionsBinder.Bind(new ConnectionSecurity(), all[true], s => s.Validate());
        return OptionsBinder.Bind(new ClusterOptions { Security = security }, all[false], o => o.Validate());
    }

    /// <summary>All that is wrong with these options, in words; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (RequestTimeout <= TimeSpan.Zero || ApiTimeout <= TimeSpan.Zero || ConnectTimeout <= TimeSpan.Zero
            || MetadataMaxAge <= TimeSpan.Zero)
        {
            problems.Add(
                "request.timeout.ms, default.api.timeout.ms, socket.connection.setup.timeout.ms and metadata.max.age.ms must be positive");
        }

        if (RetryBackoff < TimeSpan.Zero || RetryBackoffMax < RetryBackoff)
        {
            problems.Add("retry.backoff.ms may not be negative nor greater than retry.backoff.max.ms");
        }

        if (MemoryBudget.Problem(MemoryLimit) is { } problem)
        {
            problems.Add(problem);
        }

        problems.AddRange(Security.Validate());
        return problems;
    }
}
