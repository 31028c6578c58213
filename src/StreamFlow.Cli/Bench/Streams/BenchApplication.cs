using StreamFlow.Cli.Bench.Streams.Topologies;
using StreamFlow.Client;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>One application of this process: a topology under an application id, metered. Disposing it leaves the group.</summary>
internal sealed class BenchApplication : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ApplicationSetup _setup;
    private readonly ICluster _cluster;
    private readonly Topology _topology;

    public BenchApplication(ApplicationSetup setup, ICluster cluster, bool metersUserCode = false)
    {
        (_setup, _cluster) = (setup, cluster);
        var user = new UserCode(metersUserCode);
        _topology = BenchTopologies.Build(setup, user);
        Meters = new MeteredCluster(cluster, user);
        Streams = new StreamsApplication(_topology, setup.ToOptions(), Meters);
    }

    public MeteredCluster Meters { get; }

    public StreamsApplication Streams { get; }

    public ValueTask DisposeAsync() => Streams.DisposeAsync();

    /// <summary>Waits until all topics that the topology reads, its own inner ones too, are consumed and committed.</summary>
    public async Task WhenAllCommittedAsync(CancellationToken cancellation)
    {
        var ends = await BenchTopics.EndOffsetsAsync(_cluster.Admin, _setup.Inputs, cancellation);
        while (!await HasReachedAsync(ends, cancellation))
        {
            await PauseAsync(cancellation);
        }

        var inner = _topology.Subtopologies.SelectMany(part => part.SourceTopics).Where(topic => topic.IsInternal)
            .Select(topic => InternalTopics.FullName(_setup.Id, topic.Name)).Distinct().ToList();
        if (inner.Count == 0)
        {
            return;
        }

        // A commit flushes what the task wrote, so ends read after the commits of all stages reach them are final.
        while (!await HasReachedAsync(await BenchTopics.EndOffsetsAsync(_cluster.Admin, inner, cancellation), cancellation))
        {
            await PauseAsync(cancellation);
        }
    }

    public async Task WhenArrivedAsync(long records, CancellationToken cancellation)
    {
        while (Meters.Arrived < records)
        {
            await PauseAsync(cancellation);
        }
    }

    private async Task<bool> HasReachedAsync(IReadOnlyDictionary<TopicPartition, long> ends, CancellationToken cancellation)
    {
        var committed = await BenchTopics.CommittedAsync(_cluster.Admin, _setup.Id, cancellation);
        return ends.All(end => end.Value == 0 || (committed.TryGetValue(end.Key, out var offset) && offset.Offset >= end.Value));
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        if (Streams.Failure is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        await Task.Delay(Pause, TimeProvider.System, cancellation);
    }
}
