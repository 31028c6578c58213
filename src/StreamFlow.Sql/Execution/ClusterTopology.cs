using StreamFlow.Client.Administration;
using StreamFlow.Core.Errors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Sql.Execution;

/// <summary>A query that runs as an application on a cluster. A transient one leaves no group, topics or state behind.</summary>
internal sealed class ClusterTopology(StreamsApplication application, IAdmin admin, bool isTransient) : IRunningTopology
{
    public Exception? Failure => application.Failure;

    public ValueTask PauseAsync(CancellationToken cancellationToken) => throw Unsupported();

    public ValueTask ResumeAsync(CancellationToken cancellationToken) => throw Unsupported();

    public IReadOnlyList<object> GetStores(string name) => throw Unsupported();

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync().ConfigureAwait(false);
        if (!isTransient)
        {
            return;
        }

        var options = application.Options;
        var topics = await admin.ListTopicsAsync(includeInternal: true).ConfigureAwait(false);
        var own = topics.Where(t => t.StartsWith(options.ApplicationId + "-", StringComparison.Ordinal)).ToArray();
        if (own.Length > 0)
        {
            await admin.DeleteTopicsAsync(own).ConfigureAwait(false);
        }

        await admin.DeleteGroupsAsync([options.ApplicationId]).ConfigureAwait(false);
        var state = Path.Combine(options.StateDirectory, options.ApplicationId);
        Core.IO.SystemFileSystem.Instance.DeleteDirectory(state);
    }

    private static StreamFlowException Unsupported() =>
        new("a query on a cluster cannot be paused or read by key yet; TERMINATE it, or read its topic");
}
