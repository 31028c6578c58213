using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using StreamFlow.Client;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Hosting;

/// <summary>
/// Adds topologies to a host. Each becomes a <see cref="StreamsApplication"/> that starts and stops with the host, and is found as a keyed
/// service or through <see cref="StreamFlowApplications"/>.
/// </summary>
public sealed class StreamFlowBuilder
{
    internal StreamFlowBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a topology that is described here.</summary>
    /// <param name="name">Its name in this host, and its application id unless <paramref name="options"/> sets another one.</param>
    /// <param name="build">Describes it; called once, when the host starts.</param>
    /// <param name="options">Changes the options it runs with; null for the defaults.</param>
    /// <exception cref="ArgumentException">The host has a topology of this name.</exception>
    public StreamFlowBuilder AddTopology(
        string name, Action<StreamsBuilder> build, Func<StreamsOptions, StreamsOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(build);
        return AddTopology(name, (_, builder) => build(builder), options);
    }

    /// <summary>Adds a topology whose functions use services of the host.</summary>
    /// <param name="name">Its name in this host, and its application id unless <paramref name="options"/> sets another one.</param>
    /// <param name="build">Describes it; called once, when the host starts. The services are those of the root scope.</param>
    /// <param name="options">Changes the options it runs with; null for the defaults.</param>
    /// <exception cref="ArgumentException">The host has a topology of this name.</exception>
    public StreamFlowBuilder AddTopology(
        string name, Action<IServiceProvider, StreamsBuilder> build, Func<StreamsOptions, StreamsOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(build);
        return Add(name, options, services =>
        {
            var builder = new StreamsBuilder();
            build(services, builder);
            return builder.Build();
        });
    }

    /// <summary>Adds a topology that was built elsewhere.</summary>
    /// <param name="name">Its name in this host, and its application id unless <paramref name="options"/> sets another one.</param>
    /// <param name="topology">What to run.</param>
    /// <param name="options">Changes the options it runs with; null for the defaults.</param>
    /// <exception cref="ArgumentException">The host has a topology of this name.</exception>
    public StreamFlowBuilder AddTopology(string name, Topology topology, Func<StreamsOptions, StreamsOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return Add(name, options, _ => topology);
    }

    private StreamFlowBuilder Add(
        string name, Func<StreamsOptions, StreamsOptions>? configure, Func<IServiceProvider, Topology> build)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Services.Any(s => s.ServiceType == typeof(ApplicationName) && ((ApplicationName)s.ImplementationInstance!).Value == name))
        {
            throw new ArgumentException($"the host has a topology '{name}' already; give this one another name", nameof(name));
        }

        var options = new StreamsOptions { ApplicationId = name };
        options = configure is null ? options : configure(options);
        Services.AddSingleton(new ApplicationName(name));
        Services.AddKeyedSingleton(name, (services, _) => new StreamsApplication(
            build(services), options, services.GetRequiredService<ICluster>(), meters: services.GetService<IMeterFactory>()));
        return this;
    }
}
