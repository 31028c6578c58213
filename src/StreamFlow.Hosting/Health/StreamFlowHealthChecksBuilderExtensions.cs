using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace StreamFlow.Hosting.Health;

/// <summary>Brings the topologies' state into the host's health checks.</summary>
public static class StreamFlowHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds one check of all topologies: healthy when all run, degraded while one joins its group, restores or stops, unhealthy with the
    /// reason when one has failed or ended.
    /// </summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What a failed topology is reported as; null for unhealthy.</param>
    /// <param name="tags">Tags of the check; null for none.</param>
    public static IHealthChecksBuilder AddStreamFlow(
        this IHealthChecksBuilder builder,
        string name = "streamflow",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null) =>
        builder.AddCheck<ApplicationsHealthCheck>(name, failureStatus, tags ?? []);
}
