using StreamFlow.Client.Administration;
using StreamFlow.Core.IO;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Sql.Execution;

/// <summary>A query that runs as an application on a cluster. A transient one leaves no group, topics or state behind.</summary>
internal sealed class ClusterTopology(StreamsApplication application, IAdmin admin, bool isTransient) : IRunningTopology
{
    public Exception? Failure => application.Failure;

    public Task Completion => application.Completion;

    public void Pause() => application.Pause();

    public void Resume() => application.Resume();

    public Task WaitUntilRunningAsync(CancellationToken cancellationToken) => application.WaitUntilRunningAsync(cancellationToken);

    public async ValueTask<bool> IsSharedAsync(CancellationToken cancellationToken)
    {
        var id = application.Options.ApplicationId;
        var groups = await admin.DescribeGroupsAsync([id], cancellationToken).ConfigureAwait(false);
        return groups.TryGetValue(id, out var group) && group.Members.Count > application.Options.Threads;
    }

    public Task<IReadOnlyList<TResult>> QueryAsync<TStore, TResult>(
        string store, Func<TStore, TResult> read, CancellationToken cancellationToken)
        where TStore : class => application.QueryAsync(store, read, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync().ConfigureAwait(false);
        if (isTransient)
        {
            await TransientRemains.RemoveAsync(admin, application.Options).ConfigureAwait(false);
        }
    }
}
