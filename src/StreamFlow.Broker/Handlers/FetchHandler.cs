using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// Reads record batches, waiting for them when asked to (long poll). Sessions (KIP-227) are declined with session id 0, which is always
/// allowed: clients then send full fetches.
/// </summary>
internal sealed class FetchHandler(
    PartitionManager partitions, MetadataLog metadata, TimerQueue timers, BrokerOptions options, BrokerMetrics metrics, BrokerClock clock,
    AccessControl access)
    : RequestHandler<FetchRequest, FetchResponse>
{
    private const short FirstVersionWithTopicIds = 13;

    protected override ValueTask<FetchResponse?> HandleAsync(RequestContext context, FetchRequest request)
    {
        if (request.SessionId != 0 && request.SessionEpoch > 0)
        {
            return new(new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound });
        }

        var reads = PartitionsOf(context, request);
        var pass = new FetchPass(request, options.FetchMaxBytes, context, metrics);
        var response = pass.Read(reads);
        return pass.IsSatisfied || request.MaxWaitMs <= 0 || reads.Count == 0
            ? new(response)
            : WaitAsync(context, request, reads, pass.Bytes);
    }

    private async ValueTask<FetchResponse?> WaitAsync(RequestContext context, FetchRequest request, List<FetchPartition> reads, long bytes)
    {
        var deadline = clock.NowMs + request.MaxWaitMs;
        while (true)
        {
            var waiter = new FetchWaiter(request.MinBytes - bytes, request.IsolationLevel == 1);
            FetchResponse response;
            foreach (var read in reads)
            {
                read.Partition?.Waiters.Add(waiter);
            }

            try
            {
                // Between the first look and the entry in the lists something may have come.
                var pass = new FetchPass(request, options.FetchMaxBytes, context, metrics);
                response = pass.Read(reads);
                var left = deadline - clock.NowMs;
                if (pass.IsSatisfied || left <= 0 || context.Aborted.IsCancellationRequested)
                {
                    return response;
                }

                bytes = pass.Bytes;
                timers.Add(waiter, left);
                await waiter.Task.WaitAsync(context.Aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                timers.Cancel(waiter);
                foreach (var read in reads)
                {
                    read.Partition?.Waiters.Remove(waiter);
                }
            }
        }
    }

    private List<FetchPartition> PartitionsOf(RequestContext context, FetchRequest request)
    {
        var image = metadata.Image;
        var reads = new List<FetchPartition>();
        foreach (var topic in request.Topics)
        {
            var byId = context.ApiVersion >= FirstVersionWithTopicIds;
            var name = byId ? image.TopicsById.GetValueOrDefault(topic.TopicId)?.Name : topic.Topic;
            var isRefused = name is not null && !access.Allows(context, AclOperation.Read, AclResourceType.Topic, name);
            foreach (var wanted in topic.Partitions)
            {
                Partition? partition = null;
                if (name is not null && !isRefused)
                {
                    partitions.TryGet(name, wanted.Partition, out partition);
                }

                var error = partition is not null
                    ? ErrorCode.None
                    : isRefused ? ErrorCode.TopicAuthorizationFailed
                    : byId && name is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
                reads.Add(new FetchPartition(topic, wanted, partition, error));
            }
        }

        return reads;
    }
}
