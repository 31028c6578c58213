using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting.Health;

/// <summary>
/// Healthy when every application runs; degraded while one joins, restores or stops; else the registration's failure status (unhealthy),
/// with the reason. The data has the state and the counters of each.
/// </summary>
internal sealed class ApplicationsHealthCheck(StreamFlowApplications applications) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var worst = HealthStatus.Healthy;
        Exception? failure = null;
        var words = new List<string>();
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, application) in applications.All)
        {
            var state = application.State;
            var status = StatusOf(state, context.Registration.FailureStatus);
            worst = status < worst ? status : worst;
            failure ??= application.Failure;
            words.Add(application.Failure is { } reason ? $"{name}: {state}, {reason.Message}" : $"{name}: {state}");
            data.Add($"{name}.state", state.ToString());
            data.Add($"{name}.records.processed", application.ProcessedRecords);
            data.Add($"{name}.records.restored", application.RestoredRecords);
        }

        return Task.FromResult(new HealthCheckResult(worst, string.Join("; ", words), failure, data));
    }

    private static HealthStatus StatusOf(ApplicationState state, HealthStatus failed) => state switch
    {
        ApplicationState.Running => HealthStatus.Healthy,
        ApplicationState.Created or ApplicationState.Rebalancing or ApplicationState.PendingShutdown => HealthStatus.Degraded,
        _ => failed,
    };
}
