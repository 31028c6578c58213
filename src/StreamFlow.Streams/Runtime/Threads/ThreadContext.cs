using StreamFlow.Client;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>What the threads of an application share.</summary>
/// <param name="Topology">What runs.</param>
/// <param name="Options">How.</param>
/// <param name="Cluster">Where records come from and go to.</param>
/// <param name="Storage">Where stores are kept.</param>
/// <param name="TopicSizes">Partitions of the topics at the start, by full name.</param>
/// <param name="Metrics">Told of commits.</param>
/// <param name="Dropped">Sums what the tasks drop.</param>
internal sealed record ThreadContext(
    Topology Topology, StreamsOptions Options, ICluster Cluster, StateStorage Storage, IReadOnlyDictionary<string, int> TopicSizes,
    StreamsMetrics Metrics, DroppedRecords Dropped)
{
    private const int MinCachedRows = 1000;

    public TimeProvider Clock => Cluster.Clock;

    /// <summary>Holds all threads; the application's.</summary>
    public PauseSwitch Pause { get; init; } = new();

    /// <summary>Told of every store that was restored; quick.</summary>
    public Action<StoreRestored> Restored { get; init; } = _ => { };

    public bool IsExactlyOnce => Options.Guarantee == ProcessingGuarantee.ExactlyOnceV2;

    public IsolationLevel Isolation => IsExactlyOnce ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted;

    public TaskOptions TaskOptions { get; } = new()
    {
        ApplicationId = Options.ApplicationId,
        Errors = Options.Errors,
        EmitInterval = Options.EmitInterval,
        Memory = Cluster.Memory,
        CachedRowsPerStore = Math.Max(MinCachedRows, Options.CachedRows / CountStores(Topology, Options, TopicSizes)),
    };

    /// <summary>The topic partition that a task's part of a store is restored from.</summary>
    public TopicPartition ChangelogOf(TaskId task, StoreDescriptor store)
    {
        if (store.SourceTopic is not { } source)
        {
            return new TopicPartition(InternalTopics.Changelog(Options.ApplicationId, store.Name), task.Partition);
        }

        // A source that doubles as changelog may itself be internal.
        var full = TopicSizes.ContainsKey(source) ? source : InternalTopics.FullName(Options.ApplicationId, source);
        return new TopicPartition(full, task.Partition);
    }

    /// <summary>The stores of all tasks: this instance may have to run them all.</summary>
    private static int CountStores(Topology topology, StreamsOptions options, IReadOnlyDictionary<string, int> topicSizes)
    {
        var tasks = new PartitionPlan(topology, options.ApplicationId, topicSizes).Tasks.Keys;
        return Math.Max(1, topology.Subtopologies.Sum(p => p.StoreDescriptors.Count * tasks.Count(t => t.Subtopology == p.Id)));
    }
}
