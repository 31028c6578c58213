using StreamFlow.Broker;
using StreamFlow.Client;
using StreamFlow.Core.Errors;
using StreamFlow.Embedded.InProcess;

namespace StreamFlow.Embedded;

/// <summary>Opens a cluster by one line of configuration: in this process, on a StreamFlow broker or on Apache Kafka.</summary>
public static class Cluster
{
    /// <summary>What <see cref="OpenAsync"/> understands, for messages and help texts.</summary>
    public const string Forms =
        "'embedded:DIR' (a broker in this process that keeps its data in DIR), 'memory:' (one that forgets everything), " +
        "'memory:NAME' (one that all openers of NAME in this process share), or 'host:port,host:port' (a StreamFlow broker or Apache "
            + "Kafka)";

    private const string EmbeddedScheme = "embedded:";
    private const string MemoryScheme = "memory:";

    // Nobody connects to an embedded broker, but clients need an address to begin with.
    private const string InProcessAddress = "in-process:1";

    private static int _memoryCount;

    /// <summary>
    /// Opens a cluster. Two openings of one directory in one process share its broker, which stops when the last of them is disposed.
    /// </summary>
    /// <param name="cluster">Where: see <see cref="Forms"/>.</param>
    /// <param name="options">Settings of all clients; null for the defaults.</param>
    /// <param name="broker"> Settings of an embedded broker that is not running yet; null for the defaults, with no delay of a group's
    /// first rebalance. The directory in it does not count.
    /// </param>
    /// <param name="environment">Clock, disk and randomness of the cluster; null for the real ones.</param>
    /// <exception cref="ConfigurationException">The text or an option is not valid; the message says what is allowed.</exception>
    /// <exception cref="StorageException">The directory cannot be used, for instance because another process holds it; the message says
    /// who.</exception>
    public static async Task<ICluster> OpenAsync(
        string cluster, ClusterOptions? options = null, BrokerOptions? broker = null, BrokerEnvironment? environment = null)
    {
        options ??= ClusterOptions.Default;
        environment = (environment ?? new BrokerEnvironment()) with { Memory = options.Memory };
        broker ??= new BrokerOptions { GroupInitialRebalanceDelayMs = 0 };
        var text = cluster.Trim();
        if (text.StartsWith(EmbeddedScheme, StringComparison.Ordinal))
        {
            var directory = text[EmbeddedScheme.Length..];
            return directory.Length > 0
                ? await EmbedAsync(Path.GetFullPath(
                    directory), broker with { DataDirectory = Path.GetFullPath(directory) }, options, environment).ConfigureAwait(false)
                : throw Invalid(cluster, "the directory is missing");
        }

        if (text.StartsWith(MemoryScheme, StringComparison.Ordinal))
        {
            // Without a name every opening has a broker of its own.
            var place = text.Length > MemoryScheme.Length ? text : $"{MemoryScheme}/{Interlocked.Increment(ref _memoryCount)}";
            return await EmbedAsync(
                place, broker with { DataDirectory = BrokerOptions.Memory }, options, environment).ConfigureAwait(false);
        }

        try
        {
            return RemoteCluster.Open(text, options, environment.Time, environment.Random);
        }
        catch (ConfigurationException e)
        {
            throw Invalid(cluster, e.Message);
        }
    }

    private static async Task<ICluster> EmbedAsync(
        string place, BrokerOptions broker, ClusterOptions options, BrokerEnvironment environment)
    {
        var shared = await SharedBroker.JoinAsync(place, broker, environment).ConfigureAwait(false);
        try
        {
            var transport = new InProcessTransport(shared.Server, options.ClientId, shared.LeaveAsync);
            return RemoteCluster.Open(transport, InProcessAddress, options, environment.Time, environment.Random);
        }
        catch
        {
            await shared.LeaveAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static ConfigurationException Invalid(string cluster, string reason) =>
        new($"'{cluster}' is not a cluster ({reason}); allowed are {Forms}");
}
