using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Client.Producing;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>The clients of one thread.</summary>
internal static class ThreadClients
{
    /// <summary>The consumer of the input topics, a member of the application's group.</summary>
    public static IConsumer CreateConsumer(
        ThreadContext context, IPartitionAssignor assignor) => context.Cluster.CreateConsumer(new ConsumerOptions
    {
        GroupId = context.Options.ApplicationId,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        IsolationLevel = context.Isolation,
        EnableAutoCommit = false,
        SessionTimeout = context.Options.SessionTimeout,
        HeartbeatInterval = context.Options.HeartbeatInterval,
        Assignors = [assignor],
        AllowAutoCreateTopics = false,
        ReuseBatches = true,
    });

    /// <summary>The consumer of changelogs.</summary>
    public static IConsumer CreateRestoreConsumer(ThreadContext context) => context.Cluster.CreateConsumer(new ConsumerOptions
    {
        AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = context.Isolation, AllowAutoCreateTopics = false, ReuseBatches = true,
    });

    /// <summary>
    /// The producer of results and changelogs. With exactly once it is transactional: its id names this thread of this process across
    /// restarts, so that a restarted process ends what its predecessor left open.
    /// </summary>
    public static IProducer CreateProducer(ThreadContext context, int index, RecordCollector collector) =>
        context.Cluster.CreateProducer(new ProducerOptions
        {
            TransactionalId = context.IsExactlyOnce ? $"{context.Options.ApplicationId}-{context.Storage.ProcessId}-{index}" : null,
            TransactionTimeout = context.Options.TransactionTimeout,
            OnDelivery = collector.OnDelivery,
        });
}
