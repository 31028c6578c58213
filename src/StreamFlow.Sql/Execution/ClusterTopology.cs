using StreamFlow.Client.Administration;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Sql.Execution;

/// <summary>A query that runs as an application on a cluster. A transient one leaves no group, topics or state behind.</summary>
internal sealed class ClusterTopology(StreamsApplication application, SqlTopology topology, IAdmin admin) : IRunningTopology
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

    public async ValueTask<IReadOnlyList<SourceProgress>> ProgressAsync(CancellationToken cancellationToken)
    {
        var id = application.Options.ApplicationId;
        var repartitions = topology.Topology.RepartitionTopics
            .Select(t => InternalTopics.FullName(id, t.Name)).ToHashSet(StringComparer.Ordinal);
        var described = await admin.DescribeTopicsAsync(topology.SourceTopics.Concat(repartitions).Distinct(), cancellationToken)
            .ConfigureAwait(false);
        var partitions = described.Values.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p.Partition))).ToList();
        var starts = await OffsetsAsync(partitions, OffsetSpec.Earliest, cancellationToken).ConfigureAwait(false);
        var ends = await OffsetsAsync(partitions, OffsetSpec.Latest, cancellationToken).ConfigureAwait(false);
        var committed = await admin.ListGroupOffsetsAsync(id, partitions, cancellationToken: cancellationToken).ConfigureAwait(false);
        return
        [
            .. partitions.Select(p => new SourceProgress(
                p.Topic,
                p.Partition,
                starts.GetValueOrDefault(p),
                ends.GetValueOrDefault(p),
                committed.TryGetValue(p, out var offset) ? offset.Offset : -1,
                repartitions.Contains(p.Topic))),
        ];
    }

    public Task<IReadOnlyList<TResult>> QueryAsync<TStore, TResult>(
        string store, Func<TStore, TResult> read, CancellationToken cancellationToken)
        where TStore : class => application.QueryAsync(store, read, cancellationToken);

    public async ValueTask RemoveAsync()
    {
        await application.DisposeAsync().ConfigureAwait(false);
        var id = application.Options.ApplicationId;
        var groups = await admin.DescribeGroupsAsync([id]).ConfigureAwait(false);
        if (!groups.TryGetValue(id, out var group) || group.Members.Count == 0)
        {
            await QueryRemains.RemoveAsync(admin, application.Options).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync().ConfigureAwait(false);
        if (topology.IsTransient)
        {
            await QueryRemains.RemoveAsync(admin, application.Options).ConfigureAwait(false);
        }
    }

    private async ValueTask<Dictionary<TopicPartition, long>> OffsetsAsync(
        List<TopicPartition> partitions, OffsetSpec spec, CancellationToken cancellationToken)
    {
        var offsets = await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => spec), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return offsets.ToDictionary(o => o.Key, o => o.Value.Offset);
    }
}
