using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting;

/// <summary>
/// Ties cluster and applications to the host's life: the cluster opens before any service starts, applications start with the services
/// and stop with them (commit, close stores, leave the group), the cluster closes when all services have stopped.
/// </summary>
internal sealed partial class StreamFlowService(
    HostedCluster cluster,
    StreamFlowApplications applications,
    StreamFlowHostOptions options,
    IHostApplicationLifetime lifetime,
    ILogger<StreamFlowService> logger) : IHostedLifecycleService, IDisposable
{
    private IDisposable? _watching;

    public Task StartingAsync(CancellationToken cancellationToken) => cluster.OpenAsync();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _watching = applications.Statuses.Subscribe(OnStatus);
        foreach (var (name, application) in applications.All)
        {
            application.Restored += (_, store) => LogRestored(
                logger, name, store.Store, store.Task, store.Records, store.Changelog, store.From, store.To);
            application.Retrying += (_, failure) => LogRetrying(logger, failure, name);
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(applications.All.Values.Select(a => StopAsync(a, cancellationToken)));

    public Task StoppedAsync(CancellationToken cancellationToken) => cluster.DisposeAsync().AsTask();

    public void Dispose() => _watching?.Dispose();

    private static async Task StopAsync(StreamsApplication application, CancellationToken cancellationToken)
    {
        try
        {
            await application.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (application.Failure is not null)
        {
            // It had failed before: logged when it did, shown by its status. Stopping the others goes on.
        }
    }

    private void OnStatus(ApplicationStatus status)
    {
        switch (status.State)
        {
            case ApplicationState.Created:
                break;
            case ApplicationState.PendingError:
                LogFailed(logger, status.Failure, status.Name);
                break;
            case ApplicationState.Error when options.StopHostOnFailure:
                lifetime.StopApplication();
                break;
            default:
                LogState(logger, status.Name, status.State);
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Topology {Name} is {State}")]
    private static partial void LogState(ILogger logger, string name, ApplicationState state);

    [LoggerMessage(
        3,
        LogLevel.Information,
        "Topology {Name}: store {Store} of task {Task} is whole; {Records} records of {Changelog} were read, {From} to {To}")]
    private static partial void LogRestored(
        ILogger logger, string name, string store, TaskId task, long records, TopicPartition changelog, long from, long to);

    [LoggerMessage(4, LogLevel.Warning, "Topology {Name} goes on from its last commit after a failure")]
    private static partial void LogRetrying(ILogger logger, Exception failure, string name);

    [LoggerMessage(2, LogLevel.Critical, "Topology {Name} failed and stops; restart the host when the cause is mended")]
    private static partial void LogFailed(ILogger logger, Exception? failure, string name);
}
