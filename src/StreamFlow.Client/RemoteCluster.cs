using StreamFlow.Client.Networking;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;

namespace StreamFlow.Client;

/// <summary>Opens clusters whose brokers are reached through a transport.</summary>
public static class RemoteCluster
{
    /// <summary>Opens a cluster over TCP. Nothing is connected before a client is used.</summary>
    /// <param name="bootstrapServers">Brokers to ask first: <c>host:port</c>, separated by commas.</param>
    /// <param name="options">Settings of all clients; null for the defaults.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="random">The source of jitter and of sticky partitions; null for the shared one.</param>
    /// <exception cref="ConfigurationException">An address or an option is not valid.</exception>
    public static ICluster Open(string bootstrapServers, ClusterOptions? options = null, TimeProvider? clock = null, Random? random = null)
    {
        options ??= ClusterOptions.Default;
        clock ??= TimeProvider.System;
        var transport = new TcpTransport(options.ClientId, options.ConnectTimeout, clock, options.Security);
        return Open(transport, bootstrapServers, options, clock, random);
    }

    /// <summary>Opens a cluster over a transport of the caller's, which is disposed with the cluster.</summary>
    /// <param name="transport">The way to the brokers.</param>
    /// <param name="bootstrapServers">Brokers to ask first: <c>host:port</c>, separated by commas.</param>
    /// <param name="options">Settings of all clients; null for the defaults.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="random">The source of jitter and of sticky partitions; null for the shared one.</param>
    /// <exception cref="ConfigurationException">An address or an option is not valid.</exception>
    public static ICluster Open(
        ITransport transport, string bootstrapServers, ClusterOptions? options = null, TimeProvider? clock = null, Random? random = null)
    {
        options ??= ClusterOptions.Default;
        Configuration.OptionsBinder.ThrowIfAny(options.Validate(), "cluster");
        random ??= Random.Shared;
        var bootstrap = bootstrapServers.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseEndpoint).ToList();
        return bootstrap.Count > 0
            ? new ClusterClient(new ClientContext(transport, bootstrap, options, clock ?? TimeProvider.System, random), random)
            : throw new ConfigurationException("no bootstrap server is given: write host:port, or several separated by commas");
    }

    // IPv6 addresses stand in brackets: [::1]:9092.
    private static BrokerEndpoint ParseEndpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        var isBracketed = text.StartsWith('[') && colon > 0 && text[colon - 1] == ']';
        var host = colon < 0 ? "" : isBracketed ? text[1..(colon - 1)] : text[..colon];
        return host.Length > 0
            && int.TryParse(text.AsSpan(
                colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port)
            && port is > 0 and < 65536
            ? new BrokerEndpoint(host, port)
            : throw new ConfigurationException($"'{text}' is not a broker address: write host:port, such as 127.0.0.1:9092");
    }
}
