using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.Sessions;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// Hands records to a member of a share group, waiting for them when asked to, and takes what the member says of those it has
/// (KIP-932).
/// </summary>
internal sealed class ShareFetchHandler(
    SharePartitions partitions, ShareSessions sessions, ShareAcknowledgements acknowledgements, ShareStates states, TimerQueue timers,
    BrokerMetrics metrics, BrokerClock clock)
    : RequestHandler<ShareFetchRequest, ShareFetchResponse>
{
    private const short FirstVersionWithRenewal = 2;

    protected override async ValueTask<ShareFetchResponse?> HandleAsync(RequestContext context, ShareFetchRequest request)
    {
        if (WhyInvalid(request) is { } problem)
        {
            return new() { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = problem };
        }

        var (groupId, memberId) = (request.GroupId!, request.MemberId!);
        var error = Enter(context, request, out var wanted);
        if (error != ErrorCode.None)
        {
            return new() { ErrorCode = error, ErrorMessage = ErrorCodes.Describe(error) };
        }

        var mayRenew = context.ApiVersion >= FirstVersionWithRenewal && request.IsRenewAck;
        var said = await acknowledgements.TakeAsync(context, groupId, memberId, Said(request), mayRenew).ConfigureAwait(false);
        var isClosing = request.ShareSessionEpoch == ShareSessions.ClosingEpoch;
        if (isClosing)
        {
            await states.FlushAsync(sessions.Close(groupId, memberId)).ConfigureAwait(false);
        }

        var pass = isClosing || request.IsRenewAck
            ? null
            : await FetchAsync(context, request, wanted, said.Count > 0).ConfigureAwait(false);
        return Answer(pass?.Found ?? [], said, partitions.Settings.LimitsOf(groupId).LockDurationMs);
    }

    private static string? WhyInvalid(ShareFetchRequest request) => request switch
    {
        { GroupId: null } => "Invalid group id in the request.",
        _ when !ShareHeartbeat.IsMemberId(request.MemberId) => "Invalid member id in the request.",
        { IsRenewAck: true } when (request.MaxBytes, request.MinBytes, request.MaxRecords, request.MaxWaitMs) != default =>
            "A request that renews locks fetches nothing: its limits and its wait have to be 0.",
        _ => null,
    };

    private ErrorCode Enter(RequestContext context, ShareFetchRequest request, out IReadOnlyList<TopicIdPartition> wanted)
    {
        wanted = [];
        var named = request.Topics.SelectMany(t => t.Partitions.Select(p => new TopicIdPartition(t.TopicId, p.PartitionIndex)));
        if (request.ShareSessionEpoch == ShareSessions.OpeningEpoch)
        {
            return request.Topics.Exists(t => t.Partitions.Exists(p => p.AcknowledgementBatches.Count > 0))
                ? ErrorCode.InvalidRequest
                : sessions.Open(request.GroupId!, request.MemberId!, named, context.Aborted, out wanted);
        }

        var forgotten = request.ForgottenTopicsData.SelectMany(t => t.Partitions.Select(p => new TopicIdPartition(t.TopicId, p)));
        return sessions.Continue(request.GroupId!, request.MemberId!, request.ShareSessionEpoch, named, forgotten, out wanted);
    }

    private static IEnumerable<(TopicIdPartition Partition, List<Acknowledgement> Batches)> Said(ShareFetchRequest request) =>
        request.Topics.SelectMany(t => t.Partitions.Where(p => p.AcknowledgementBatches.Count > 0).Select(p => (
            new TopicIdPartition(t.TopicId, p.PartitionIndex),
            p.AcknowledgementBatches.ConvertAll(b => new Acknowledgement(b.FirstOffset, b.LastOffset, b.AcknowledgeTypes)))));

    /// <param name="context">Who asks.</param>
    /// <param name="request">What it asks.</param>
    /// <param name="wanted">The partitions of its session.</param>
    /// <param name="isUrgent">Whether there is something to tell: then only what is there at once is fetched.</param>
    private async ValueTask<ShareFetchPass> FetchAsync(
        RequestContext context, ShareFetchRequest request, IReadOnlyList<TopicIdPartition> wanted, bool isUrgent)
    {
        var isolation = partitions.Settings.ReadsCommitted(request.GroupId!) ? ReadIsolation.Committed : ReadIsolation.HighWatermark;
        var pass = new ShareFetchPass(request, isolation, context, metrics);
        var deadline = clock.NowMs + request.MaxWaitMs;
        var waiter = new FetchWaiter();
        while (true)
        {
            var targets = Resolve(context, request.GroupId!, wanted);
            var isWhole = targets.Count == wanted.Count;
            waiter.Begin(1, isolation == ReadIsolation.Committed);
            foreach (var target in targets)
            {
                target.Live?.Log.Waiters.Add(waiter);
                target.Live?.Waiters.Add(waiter);
            }

            try
            {
                var left = deadline - clock.NowMs;
                var isLast = isUrgent || left <= 0 || wanted.Count == 0 || context.Aborted.IsCancellationRequested;
                if (isLast || pass.IsWorthwhile(targets))
                {
                    pass.Read(targets);
                }

                if (pass.Found.Count > 0 || (isLast && isWhole))
                {
                    return pass;
                }

                if (!isWhole)
                {
                    continue;
                }

                timers.Add(waiter, left);
                await waiter.WaitAsync(context.Aborted).ConfigureAwait(false);
            }
            finally
            {
                timers.Cancel(waiter);
                foreach (var target in targets)
                {
                    target.Live?.Log.Waiters.Remove(waiter);
                    target.Live?.Waiters.Remove(waiter);
                }
            }
        }
    }

    /// <summary>
    /// Finds the partitions as they are now, and whether the client may read them. Those that are not loaded come one at a time: whoever
    /// is first in a group gets its records without a wait for the others, and the next member finds some left.
    /// </summary>
    private List<ShareFetchTarget> Resolve(RequestContext context, string groupId, IReadOnlyList<TopicIdPartition> wanted)
    {
        var targets = new List<ShareFetchTarget>(wanted.Count);
        var hasLoaded = false;
        foreach (var partition in wanted)
        {
            var key = new SharePartitionKey(groupId, partition.TopicId, partition.Partition);
            var live = partitions.Find(key);
            if (live is null && hasLoaded)
            {
                continue;
            }

            hasLoaded |= live is null;
            var error = acknowledgements.Refuse(context, partition.TopicId);
            if (error == ErrorCode.None)
            {
                error = partitions.Get(key, out live);
            }

            targets.Add(new ShareFetchTarget(partition, live, error));
        }

        return targets;
    }

    private static ShareFetchResponse Answer(
        List<(TopicIdPartition Partition, ShareFetchResponse.PartitionData Data)> found, Dictionary<TopicIdPartition, ErrorCode> said,
        int lockMs)
    {
        var response = new ShareFetchResponse { AcquisitionLockTimeoutMs = lockMs };
        foreach (var (partition, data) in found)
        {
            if (said.Remove(partition, out var outcome))
            {
                Tell(data, outcome);
            }

            Add(response, partition.TopicId, data);
        }

        foreach (var (partition, outcome) in said)
        {
            var data = new ShareFetchResponse.PartitionData { PartitionIndex = partition.Partition, Records = ReadOnlyMemory<byte>.Empty };
            Tell(data, outcome);
            Add(response, partition.TopicId, data);
        }

        return response;
    }

    private static void Tell(ShareFetchResponse.PartitionData data, ErrorCode outcome)
    {
        data.AcknowledgeErrorCode = outcome;
        data.AcknowledgeErrorMessage = outcome == ErrorCode.None ? null : ErrorCodes.Describe(outcome);
    }

    private static void Add(ShareFetchResponse response, Guid topicId, ShareFetchResponse.PartitionData data)
    {
        var topic = response.Responses.Find(t => t.TopicId == topicId);
        if (topic is null)
        {
            response.Responses.Add(topic = new() { TopicId = topicId });
        }

        topic.Partitions.Add(data);
    }
}
