using Microsoft.Extensions.DependencyInjection;
using StreamFlow.Client;

namespace StreamFlow.Hosting;

/// <summary>Brings a cluster and topologies into the Generic Host.</summary>
public static class StreamFlowServiceCollectionExtensions
{
    /// <summary>
    /// Registers an <see cref="ICluster"/> which opens before the host's services start and closes after they have stopped. Topologies are
    /// added to what this returns. A second call with the same cluster adds to the first one.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="cluster">Where the topics are: <c>embedded:DIR</c>, <c>memory:</c> or <c>host:port,host:port</c>.</param>
    /// <param name="configure">Changes the other options; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Another cluster was registered before: a host has one.</exception>
    public static StreamFlowBuilder AddStreamFlow(
        this IServiceCollection services, string cluster, Func<StreamFlowHostOptions, StreamFlowHostOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        var options = new StreamFlowHostOptions { Cluster = cluster };
        options = configure is null ? options : configure(options);
        if (services.FirstOrDefault(s => s.ServiceType == typeof(StreamFlowHostOptions)) is { } known)
        {
            return known.ImplementationInstance is StreamFlowHostOptions other && other == options
                ? new StreamFlowBuilder(services)
                : throw new InvalidOperationException(
                    $"The host has a cluster already; AddStreamFlow(\"{cluster}\") differs from it. Topologies of other clusters need a " +
                    "host of their own.");
        }

        services.AddSingleton(options);
        services.AddSingleton<HostedCluster>();
        services.AddSingleton<ICluster>(s => s.GetRequiredService<HostedCluster>());
        services.AddSingleton<StreamFlowApplications>();
        services.AddHostedService<StreamFlowService>();
        return new StreamFlowBuilder(services);
    }
}
