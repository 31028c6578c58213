using StreamFlow.Client.Administration;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Sql.Execution;

/// <summary>Removes what an application left on the cluster and on disk: internal topics, group, state.</summary>
internal static class QueryRemains
{
    public static async Task RemoveAsync(IAdmin admin, StreamsOptions options)
    {
        var topics = await admin.ListTopicsAsync(includeInternal: true).ConfigureAwait(false);
        var own = topics.Where(t => t.StartsWith(options.ApplicationId + "-", StringComparison.Ordinal)).ToArray();
        if (own.Length > 0)
        {
            await admin.DeleteTopicsAsync(own).ConfigureAwait(false);
        }

        try
        {
            await admin.DeleteGroupsAsync([options.ApplicationId]).ConfigureAwait(false);
        }
        catch (BrokerException e) when (e.ErrorCode == ErrorCode.GroupIdNotFound)
        {
            // It ended before it joined, or never committed: there is no group to delete.
        }

        SystemFileSystem.Instance.DeleteDirectory(Path.Combine(options.StateDirectory, options.ApplicationId));
    }
}
