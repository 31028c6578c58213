using StreamFlow.Broker;
using StreamFlow.Client;
using StreamFlow.Embedded;

namespace StreamFlow.Hosting;

/// <summary>How a host opens its cluster and what it does when a topology fails.</summary>
public sealed record StreamFlowHostOptions
{
    /// <summary>Where the topics are, in one of the forms that <see cref="Cluster.Forms"/> lists.</summary>
    public required string Cluster { get; init; }

    /// <summary>Settings of all clients of the cluster.</summary>
    public ClusterOptions Clients { get; init; } = ClusterOptions.Default;

    /// <summary>Settings of an embedded broker; null for its defaults. A cluster elsewhere has its own.</summary>
    public BrokerOptions? Broker { get; init; }

    /// <summary>
    /// Whether the host stops when a topology ends in <see cref="Streams.Runtime.ApplicationState.Error"/>. By default it goes on: the
    /// other topologies run, the log and the health check tell of the failed one, and whoever watches health decides.
    /// </summary>
    public bool StopHostOnFailure { get; init; }
}
